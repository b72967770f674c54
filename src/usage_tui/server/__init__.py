"""The Usage API, served: routes over services over one ledger a database keeps."""
