CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.allocations (
    org_id text NOT NULL COLLATE pg_catalog."C",
    event_seq bigint NOT NULL,
    "position" bigint NOT NULL,
    grant_id text NOT NULL COLLATE pg_catalog."C",
    credits bigint NOT NULL
);
CREATE TABLE public.allowance_lines (
    org_id text NOT NULL COLLATE pg_catalog."C",
    allowance_id text NOT NULL COLLATE pg_catalog."C",
    label text NOT NULL COLLATE pg_catalog."C",
    "position" bigint NOT NULL,
    used text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE public.allowances (
    org_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    "position" bigint NOT NULL,
    label text NOT NULL COLLATE pg_catalog."C",
    unit text NOT NULL COLLATE pg_catalog."C",
    included text COLLATE pg_catalog."C",
    used text NOT NULL COLLATE pg_catalog."C",
    resets_at bigint
);
CREATE TABLE public.billing_periods (
    org_id text NOT NULL COLLATE pg_catalog."C",
    number bigint NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    starts_at bigint NOT NULL,
    ends_at bigint NOT NULL,
    total bigint NOT NULL,
    from_included bigint NOT NULL,
    uncovered bigint NOT NULL,
    event_count bigint NOT NULL
);
CREATE TABLE public.event_keys (
    org_id text NOT NULL COLLATE pg_catalog."C",
    source text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    digest bytea NOT NULL,
    event_id text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE public.events (
    org_id text NOT NULL COLLATE pg_catalog."C",
    seq bigint NOT NULL,
    id text NOT NULL COLLATE pg_catalog."C",
    occurred_at bigint NOT NULL,
    local_date text NOT NULL COLLATE pg_catalog."C",
    period_number bigint NOT NULL,
    kind text NOT NULL COLLATE pg_catalog."C",
    source_id text NOT NULL COLLATE pg_catalog."C",
    label text NOT NULL COLLATE pg_catalog."C",
    activity text NOT NULL COLLATE pg_catalog."C",
    quantity bigint NOT NULL,
    credits bigint NOT NULL,
    uncovered bigint NOT NULL,
    actor text COLLATE pg_catalog."C",
    parent_id text COLLATE pg_catalog."C",
    reverses text COLLATE pg_catalog."C",
    late boolean NOT NULL
);
CREATE TABLE public.grants (
    org_id text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    "position" bigint NOT NULL,
    description text NOT NULL COLLATE pg_catalog."C",
    bucket text NOT NULL COLLATE pg_catalog."C",
    origin text NOT NULL COLLATE pg_catalog."C",
    granted_at bigint NOT NULL,
    effective_at bigint NOT NULL,
    expires_at bigint,
    original bigint NOT NULL,
    used bigint NOT NULL,
    expired bigint NOT NULL,
    voided bigint NOT NULL,
    remaining bigint NOT NULL,
    locked boolean NOT NULL,
    lapsed boolean NOT NULL,
    is_voided boolean NOT NULL
);
CREATE TABLE public.idempotency_keys (
    org_id text NOT NULL COLLATE pg_catalog."C",
    key text NOT NULL COLLATE pg_catalog."C",
    digest bytea NOT NULL,
    status bigint NOT NULL,
    body bytea NOT NULL
);
CREATE TABLE public.journal (
    org_id text NOT NULL COLLATE pg_catalog."C",
    number bigint NOT NULL,
    kind text NOT NULL COLLATE pg_catalog."C",
    at bigint NOT NULL,
    grant_id text COLLATE pg_catalog."C",
    amount bigint NOT NULL,
    event_id text COLLATE pg_catalog."C"
);
CREATE TABLE public.memberships (
    org_id text NOT NULL COLLATE pg_catalog."C",
    user_id text NOT NULL COLLATE pg_catalog."C",
    role text NOT NULL COLLATE pg_catalog."C",
    billing_access boolean NOT NULL
);
CREATE TABLE public.organizations (
    org_id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    time_zone text NOT NULL COLLATE pg_catalog."C",
    low_threshold bigint,
    revision bigint NOT NULL,
    next_change_at bigint NOT NULL,
    stands_at bigint NOT NULL,
    last_event_at bigint,
    overage bigint NOT NULL,
    last_seq bigint NOT NULL,
    last_entry bigint NOT NULL,
    period_number bigint NOT NULL,
    credits_booked bigint NOT NULL,
    quantity_booked bigint NOT NULL
);
CREATE TABLE public.rollups (
    org_id text NOT NULL COLLATE pg_catalog."C",
    local_date text NOT NULL COLLATE pg_catalog."C",
    kind text NOT NULL COLLATE pg_catalog."C",
    source_id text NOT NULL COLLATE pg_catalog."C",
    period_number bigint NOT NULL,
    credits bigint NOT NULL,
    quantity bigint NOT NULL,
    label text NOT NULL COLLATE pg_catalog."C",
    labeled_at bigint NOT NULL
);
CREATE TABLE public.signing_keys (
    id text NOT NULL COLLATE pg_catalog."C",
    secret bytea NOT NULL
);
CREATE TABLE public.subscriptions (
    org_id text NOT NULL COLLATE pg_catalog."C",
    plan text NOT NULL COLLATE pg_catalog."C",
    status text NOT NULL COLLATE pg_catalog."C",
    cadence text NOT NULL COLLATE pg_catalog."C",
    included bigint NOT NULL,
    ends_at bigint,
    entitlement_active boolean NOT NULL,
    anchored_at bigint NOT NULL,
    recharge_enabled boolean,
    recharge_threshold bigint,
    buy_credits_link text COLLATE pg_catalog."C",
    auto_recharge_link text COLLATE pg_catalog."C"
);
CREATE TABLE public.tokens (
    id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C",
    secret_hash bytea NOT NULL,
    user_id text COLLATE pg_catalog."C",
    org_id text COLLATE pg_catalog."C",
    scopes text NOT NULL COLLATE pg_catalog."C",
    created_at bigint NOT NULL,
    expires_at bigint,
    revoked_at bigint
);
CREATE TABLE public.users (
    id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL COLLATE pg_catalog."C"
);
INSERT INTO public.alembic_version VALUES ('0001');
INSERT INTO public.allocations VALUES ('acme', 1, 0, 'period-1', 60250000);
INSERT INTO public.allocations VALUES ('acme', 2, 0, 'period-1', 39750000);
INSERT INTO public.allocations VALUES ('acme', 2, 1, 'gr_1', 10750000);
INSERT INTO public.allocations VALUES ('acme', 3, 0, 'gr_1', 7000001);
INSERT INTO public.allocations VALUES ('acme', 4, 0, 'gr_1', -7000001);
INSERT INTO public.allocations VALUES ('acme', 5, 0, 'period-2', 100000000);
INSERT INTO public.allocations VALUES ('acme', 5, 1, 'gr_2', 40000000);
INSERT INTO public.allocations VALUES ('acme', 6, 0, 'gr_1', 1000000);
INSERT INTO public.allowance_lines VALUES ('acme', 'hours', 'Nightly', 0, '0.75');
INSERT INTO public.allowances VALUES ('acme', 'hours', 0, 'Runtime', 'hour', '50', '0.75', 1798779600000000);
INSERT INTO public.allowances VALUES ('acme', 'storage', 1, 'Storage', 'gigabyte', NULL, '41.2', NULL);
INSERT INTO public.billing_periods VALUES ('acme', 0, '', -62135596800000000, -62135596800000000, 0, 0, 0, 0);
INSERT INTO public.billing_periods VALUES ('acme', 1, '2026-11', 1793505600000000, 1796101200000000, 111750000, 111750000, 0, 5);
INSERT INTO public.billing_periods VALUES ('acme', 2, '2026-12', 1796101200000000, 1798779600000000, 500000000, 100000000, 360000000, 1);
INSERT INTO public.event_keys VALUES ('acme', '//tools/prod-eu', 'e1', '\x78fda2a0fa4d5254ed6da4bb5cae63e16b4d5b5f5635b5ab00524f2356686eb3', 'evt_ee36113a646ac845e097ac3d');
INSERT INTO public.event_keys VALUES ('acme', '//tools/prod-eu', 'e2', '\xa7f9d7b0d08ae5c97197be2d93405e9b35f028000bf3417fecec324f755db3a9', 'evt_0ca70b6965079ada6895cfa2');
INSERT INTO public.event_keys VALUES ('acme', '//tools/prod-eu', 'e3', '\xe39b746cbdda76d55c36df38bedcb166cf3ba74be601e12bd2b5a8cd168a2196', 'evt_4e20cf92d6b0c55493593d5f');
INSERT INTO public.event_keys VALUES ('acme', '//tools/prod-eu', 'a1', '\x3070b0e3626567a75db390df99fe128b10efb57fbf83dad3f708f0559bf8646c', 'evt_9fc528e7d751573681d76077');
INSERT INTO public.event_keys VALUES ('acme', '//tools/prod-eu', 'a2', '\xb01d03c04a5c48c1bead03a11aac4a1a2296f32ebb5a66986a2394868a8ed4f2', 'evt_e99f11c923d05d5ae6f44595');
INSERT INTO public.event_keys VALUES ('acme', '//tools/prod-eu', 'a3', '\x0b40872a197bf6ccc20f6b01d6d370d37d397cc4ab29b64000dd531a7fe99e53', 'evt_8ce62c1d9682e331ae7261bd');
INSERT INTO public.event_keys VALUES ('acme', '//tools/prod-eu', 'e4', '\x8399abe9e6fb664a0497b54594fdbc02f18436ece6290e70ddcec9c973f2bc67', 'evt_734eb434eaf5491519c7a6f9');
INSERT INTO public.event_keys VALUES ('acme', '//tools/prod-eu', 'e5', '\xfe83f6d7338b864ab85233cf0bf95ad59897e39b7d1e2574a02545e1f31c3622', 'evt_90fdf27890306f80c56b00a2');
INSERT INTO public.event_keys VALUES ('acme', '//tools/prod-eu', 'a4', '\x860c92aefd1d1809a717886db1ffa58601d89f1d926a3c69c72da332344e23c7', 'evt_1b7c2c34c5eeeef9c285d472');
INSERT INTO public.events VALUES ('acme', 1, 'evt_ee36113a646ac845e097ac3d', 1795176600000000, '2026-11-20', 1, 'agent_chat', 'agent_chat', 'Agent chat', 'message', 1, 60250000, 0, 'maria@acme.example', NULL, NULL, false);
INSERT INTO public.events VALUES ('acme', 2, 'evt_0ca70b6965079ada6895cfa2', 1795177200000000, '2026-11-20', 1, 'ai_tool', 'tool_contract', 'Verträge prüfen', 'run', 1, 50500000, 0, NULL, 'evt_ee36113a646ac845e097ac3d', NULL, false);
INSERT INTO public.events VALUES ('acme', 3, 'evt_4e20cf92d6b0c55493593d5f', 1795177800000000, '2026-11-20', 1, 'workflow', 'wf', 'wf', 'run', 3, 7000001, 0, NULL, NULL, NULL, false);
INSERT INTO public.events VALUES ('acme', 4, 'evt_2dfe99fa017e285bc73e2c38', 1795179600000000, '2026-11-20', 1, 'workflow', 'wf', 'wf', 'reversal', 0, -7000001, 0, 'sam', NULL, 'evt_4e20cf92d6b0c55493593d5f', false);
INSERT INTO public.events VALUES ('acme', 5, 'evt_734eb434eaf5491519c7a6f9', 1796212800000000, '2026-12-02', 2, 'ai_tool', 'tool_contract', 'tool_contract', 'run', 1, 500000000, 360000000, NULL, NULL, NULL, false);
INSERT INTO public.events VALUES ('acme', 6, 'evt_90fdf27890306f80c56b00a2', 1796040000000000, '2026-11-30', 1, 'ai_tool', 'tool_contract', 'tool_contract', 'run', 1, 1000000, 0, NULL, NULL, NULL, true);
INSERT INTO public.grants VALUES ('acme', 'gr_1', 0, 'gr_1', 'included', 'purchase', 1795176000000000, 1795176000000000, 1796101200000000, 100000000, 11750000, 88250000, 0, 0, false, true, false);
INSERT INTO public.grants VALUES ('acme', 'gr_2', 1, 'gr_2', 'purchased', 'purchase', 1795176000000000, 1795176000000000, NULL, 40000000, 40000000, 0, 0, 0, false, false, false);
INSERT INTO public.grants VALUES ('acme', 'gr_3', 2, 'gr_3', 'purchased', 'purchase', 1795176000000000, 1795176000000000, NULL, 25500000, 0, 0, 25500000, 0, false, false, true);
INSERT INTO public.grants VALUES ('acme', 'period-1', 3, 'Team plan, 2026-11', 'included', 'subscription', 1793505600000000, 1793505600000000, 1796101200000000, 100000000, 100000000, 0, 0, 0, false, true, false);
INSERT INTO public.grants VALUES ('acme', 'period-2', 4, 'Team plan, 2026-12', 'included', 'subscription', 1796101200000000, 1796101200000000, 1798779600000000, 100000000, 100000000, 0, 0, 0, false, false, false);
INSERT INTO public.idempotency_keys VALUES ('acme', 'key-0', '\xb46d52b33db683f6e8c0127a573a8a614199d381326346a73f39fba09f908edb', 200, '\x7b226964223a2267725f31222c226465736372697074696f6e223a2267725f31222c226275636b6574223a22696e636c75646564222c226f726967696e223a227075726368617365222c226772616e7465645f6174223a22323032362d31312d32305431323a30303a30305a222c226566666563746976655f6174223a22323032362d31312d32305431323a30303a30305a222c22657870697265735f6174223a22323032362d31322d30315430353a30303a30305a222c22737461747573223a22616374697665222c226f726967696e616c223a22313030222c2275736564223a2230222c22657870697265645f616d6f756e74223a2230222c22766f696465645f616d6f756e74223a2230222c2272656d61696e696e67223a22313030227d');
INSERT INTO public.idempotency_keys VALUES ('acme', 'key-1', '\x3bbacfa4067fa846180180264fa6d2172da104aadf791469b4de78af4c3cf17f', 200, '\x7b226964223a2267725f32222c226465736372697074696f6e223a2267725f32222c226275636b6574223a22707572636861736564222c226f726967696e223a227075726368617365222c226772616e7465645f6174223a22323032362d31312d32305431323a30303a30305a222c226566666563746976655f6174223a22323032362d31312d32305431323a30303a30305a222c22657870697265735f6174223a6e756c6c2c22737461747573223a22616374697665222c226f726967696e616c223a223430222c2275736564223a2230222c22657870697265645f616d6f756e74223a2230222c22766f696465645f616d6f756e74223a2230222c2272656d61696e696e67223a223430227d');
INSERT INTO public.idempotency_keys VALUES ('acme', 'key-2', '\x4eb5c4ae204f5c737803fa100936bacb77ca566db96eb1158a4eeffaa5cdef72', 200, '\x7b226964223a2267725f33222c226465736372697074696f6e223a2267725f33222c226275636b6574223a22707572636861736564222c226f726967696e223a227075726368617365222c226772616e7465645f6174223a22323032362d31312d32305431323a30303a30305a222c226566666563746976655f6174223a22323032362d31312d32305431323a30303a30305a222c22657870697265735f6174223a6e756c6c2c22737461747573223a22616374697665222c226f726967696e616c223a2232352e35222c2275736564223a2230222c22657870697265645f616d6f756e74223a2230222c22766f696465645f616d6f756e74223a2230222c2272656d61696e696e67223a2232352e35227d');
INSERT INTO public.idempotency_keys VALUES ('acme', 'key-3', '\x0e3fbdfecbe043b1cfe19245bd76a91e576de2c6616d5cfd6dc472f9cbc10d4d', 200, '\x7b22737461747573223a22616374697665222c22706c616e223a225465616d222c22636164656e6365223a226d6f6e74686c79222c22656e64735f6174223a6e756c6c2c22656e7469746c656d656e745f616374697665223a747275657d');
INSERT INTO public.idempotency_keys VALUES ('acme', 'key-4', '\xada88b3a9e0c82aa754ad1beea61dc25b785a6445b7358290bae1bcead089504', 200, '\x7b2261735f6f66223a22323032362d31312d32305431323a30303a30305a222c227265766973696f6e223a362c226974656d73223a5b7b226964223a22686f757273222c226c6162656c223a2252756e74696d65222c22756e6974223a22686f7572222c22696e636c75646564223a223530222c2275736564223a2230222c2272656d61696e696e67223a223530222c22757365645f6672616374696f6e223a2230222c227265736574735f6174223a22323032362d31322d30315430353a30303a30305a222c226c696e6573223a5b5d7d5d7d');
INSERT INTO public.idempotency_keys VALUES ('acme', 'key-5', '\xbf125bfec0c18f360c6dc3cd22f1cc36a5ccec97f0e79f27118dd82ed1b55cb9', 200, '\x7b2261735f6f66223a22323032362d31312d32305431323a30303a30305a222c227265766973696f6e223a372c226974656d73223a5b7b226964223a22686f757273222c226c6162656c223a2252756e74696d65222c22756e6974223a22686f7572222c22696e636c75646564223a223530222c2275736564223a2230222c2272656d61696e696e67223a223530222c22757365645f6672616374696f6e223a2230222c227265736574735f6174223a22323032362d31322d30315430353a30303a30305a222c226c696e6573223a5b5d7d2c7b226964223a2273746f72616765222c226c6162656c223a2253746f72616765222c22756e6974223a226769676162797465222c22696e636c75646564223a6e756c6c2c2275736564223a2230222c2272656d61696e696e67223a6e756c6c2c22757365645f6672616374696f6e223a6e756c6c2c227265736574735f6174223a6e756c6c2c226c696e6573223a5b5d7d5d7d');
INSERT INTO public.idempotency_keys VALUES ('acme', 'key-6', '\x8222aa1df8536d6620ff166e4a97d5635b258022b066c748f4de46868171dbc5', 200, '\x7b226964223a2267725f33222c226465736372697074696f6e223a2267725f33222c226275636b6574223a22707572636861736564222c226f726967696e223a227075726368617365222c226772616e7465645f6174223a22323032362d31312d32305431323a30303a30305a222c226566666563746976655f6174223a22323032362d31312d32305431323a30303a30305a222c22657870697265735f6174223a6e756c6c2c22737461747573223a22766f69646564222c226f726967696e616c223a2232352e35222c2275736564223a2230222c22657870697265645f616d6f756e74223a2230222c22766f696465645f616d6f756e74223a2232352e35222c2272656d61696e696e67223a2230227d');
INSERT INTO public.idempotency_keys VALUES ('acme', 'key-7', '\xfa454576cf8e127c35d35d802d6eb0c5e423f64e6ac07f817d832c1fa138504c', 200, '\x7b226964223a226576745f326466653939666130313765323835626337336532633338222c226f636375727265645f6174223a22323032362d31312d32305431333a30303a30305a222c226b696e64223a22776f726b666c6f77222c22736f757263655f6964223a227766222c226c6162656c223a227766222c226163746976697479223a22726576657273616c222c227175616e74697479223a302c2263726564697473223a222d372e303030303031222c22737461747573223a22736574746c6564222c226163746f72223a2273616d222c22706172656e745f6964223a6e756c6c2c227265766572736573223a226576745f346532306366393264366230633535343933353933643566222c226c617465223a66616c73652c22616c6c6f636174696f6e73223a5b7b226772616e745f6964223a2267725f31222c226275636b6574223a22696e636c75646564222c2263726564697473223a222d372e303030303031227d5d2c22756e636f7665726564223a2230227d');
INSERT INTO public.journal VALUES ('acme', 1, 'granted', 1795176000000000, 'gr_1', 100000000, NULL);
INSERT INTO public.journal VALUES ('acme', 2, 'granted', 1795176000000000, 'gr_2', 40000000, NULL);
INSERT INTO public.journal VALUES ('acme', 3, 'granted', 1795176000000000, 'gr_3', 25500000, NULL);
INSERT INTO public.journal VALUES ('acme', 4, 'granted', 1793505600000000, 'period-1', 100000000, NULL);
INSERT INTO public.journal VALUES ('acme', 5, 'used', 1795176600000000, 'period-1', 60250000, 'evt_ee36113a646ac845e097ac3d');
INSERT INTO public.journal VALUES ('acme', 6, 'used', 1795177200000000, 'period-1', 39750000, 'evt_0ca70b6965079ada6895cfa2');
INSERT INTO public.journal VALUES ('acme', 7, 'used', 1795177200000000, 'gr_1', 10750000, 'evt_0ca70b6965079ada6895cfa2');
INSERT INTO public.journal VALUES ('acme', 8, 'used', 1795177800000000, 'gr_1', 7000001, 'evt_4e20cf92d6b0c55493593d5f');
INSERT INTO public.journal VALUES ('acme', 9, 'voided', 1795179600000000, 'gr_3', 25500000, NULL);
INSERT INTO public.journal VALUES ('acme', 10, 'reversed', 1795179600000000, 'gr_1', 7000001, 'evt_2dfe99fa017e285bc73e2c38');
INSERT INTO public.journal VALUES ('acme', 11, 'expired', 1796101200000000, 'gr_1', 89250000, NULL);
INSERT INTO public.journal VALUES ('acme', 12, 'granted', 1796101200000000, 'period-2', 100000000, NULL);
INSERT INTO public.journal VALUES ('acme', 13, 'used', 1796212800000000, 'period-2', 100000000, 'evt_734eb434eaf5491519c7a6f9');
INSERT INTO public.journal VALUES ('acme', 14, 'used', 1796212800000000, 'gr_2', 40000000, 'evt_734eb434eaf5491519c7a6f9');
INSERT INTO public.journal VALUES ('acme', 15, 'overage', 1796212800000000, NULL, 360000000, 'evt_734eb434eaf5491519c7a6f9');
INSERT INTO public.journal VALUES ('acme', 16, 'expiry_released', 1796216400000000, 'gr_1', 1000000, 'evt_90fdf27890306f80c56b00a2');
INSERT INTO public.journal VALUES ('acme', 17, 'used', 1796040000000000, 'gr_1', 1000000, 'evt_90fdf27890306f80c56b00a2');
INSERT INTO public.memberships VALUES ('acme', 'usr_01', 'owner', true);
INSERT INTO public.memberships VALUES ('acme', 'usr_02', 'member', false);
INSERT INTO public.organizations VALUES ('acme', 'Acme', 'America/New_York', NULL, 12, 1796274000000000, 1796216400000000, 1796212800000000, 360000000, 6, 17, 2, 625750002, 7);
INSERT INTO public.rollups VALUES ('acme', '2026-11-20', 'agent_chat', 'agent_chat', 1, 60250000, 1, 'Agent chat', 1795176600000000);
INSERT INTO public.rollups VALUES ('acme', '2026-11-20', 'ai_tool', 'tool_contract', 1, 50500000, 1, 'Verträge prüfen', 1795177200000000);
INSERT INTO public.rollups VALUES ('acme', '2026-11-20', 'workflow', 'wf', 1, 0, 3, 'wf', 1795179600000000);
INSERT INTO public.rollups VALUES ('acme', '2026-12-02', 'ai_tool', 'tool_contract', 2, 500000000, 1, 'tool_contract', 1796212800000000);
INSERT INTO public.rollups VALUES ('acme', '2026-11-30', 'ai_tool', 'tool_contract', 1, 1000000, 1, 'tool_contract', 1796040000000000);
INSERT INTO public.signing_keys VALUES ('c1', '\xf5b165224a58b791df6af1d8303e61cdc4bb86c3d1c427103c344c4189eb2f1e');
INSERT INTO public.subscriptions VALUES ('acme', 'Team', 'active', 'monthly', 100000000, NULL, true, 1793505600000000, true, 10000000, NULL, NULL);
INSERT INTO public.tokens VALUES ('7bd5d47ecec2', 'maria', '\x384d62830c85be72709bdf9d116d0e552632b259cf40141a2607d6a05c009a83', 'usr_01', NULL, '', 1795176000000000, NULL, NULL);
INSERT INTO public.tokens VALUES ('a8c74107b0e4', 'sam', '\xe315159c5251d607cb99b9376f2158fc92974a3f75b2c5b9292d357d84b3970b', 'usr_02', NULL, '', 1795176000000000, NULL, NULL);
INSERT INTO public.tokens VALUES ('2de504722e44', 'tools', '\x5b377e0755913ee8b0f6dd9e5e4326db181f2c81b76a47560105cb817a29bd58', NULL, 'acme', 'ingest', 1795176000000000, NULL, NULL);
INSERT INTO public.tokens VALUES ('dcbed407b605', 'shop', '\xac0a98afb6c39b1e357bc97a6c779c900f4684296b6176971e51561be3782cf8', NULL, 'acme', 'billing', 1795176000000000, NULL, NULL);
INSERT INTO public.users VALUES ('usr_01', 'Maria');
INSERT INTO public.users VALUES ('usr_02', 'Sam');
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.allocations
    ADD CONSTRAINT pk_allocations PRIMARY KEY (org_id, event_seq, "position");
ALTER TABLE ONLY public.allowance_lines
    ADD CONSTRAINT pk_allowance_lines PRIMARY KEY (org_id, allowance_id, label);
ALTER TABLE ONLY public.allowances
    ADD CONSTRAINT pk_allowances PRIMARY KEY (org_id, id);
ALTER TABLE ONLY public.billing_periods
    ADD CONSTRAINT pk_billing_periods PRIMARY KEY (org_id, number);
ALTER TABLE ONLY public.event_keys
    ADD CONSTRAINT pk_event_keys PRIMARY KEY (org_id, source, id);
ALTER TABLE ONLY public.events
    ADD CONSTRAINT pk_events PRIMARY KEY (org_id, seq);
ALTER TABLE ONLY public.grants
    ADD CONSTRAINT pk_grants PRIMARY KEY (org_id, id);
ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT pk_idempotency_keys PRIMARY KEY (org_id, key);
ALTER TABLE ONLY public.journal
    ADD CONSTRAINT pk_journal PRIMARY KEY (org_id, number);
ALTER TABLE ONLY public.memberships
    ADD CONSTRAINT pk_memberships PRIMARY KEY (org_id, user_id);
ALTER TABLE ONLY public.organizations
    ADD CONSTRAINT pk_organizations PRIMARY KEY (org_id);
ALTER TABLE ONLY public.rollups
    ADD CONSTRAINT pk_rollups PRIMARY KEY (org_id, local_date, kind, source_id, period_number);
ALTER TABLE ONLY public.signing_keys
    ADD CONSTRAINT pk_signing_keys PRIMARY KEY (id);
ALTER TABLE ONLY public.subscriptions
    ADD CONSTRAINT pk_subscriptions PRIMARY KEY (org_id);
ALTER TABLE ONLY public.tokens
    ADD CONSTRAINT pk_tokens PRIMARY KEY (id);
ALTER TABLE ONLY public.users
    ADD CONSTRAINT pk_users PRIMARY KEY (id);
CREATE INDEX ix_billing_periods_org_id_starts_at ON public.billing_periods USING btree (org_id, starts_at);
CREATE UNIQUE INDEX ix_events_org_id_id ON public.events USING btree (org_id, id);
CREATE INDEX ix_events_org_id_kind_occurred_at_seq ON public.events USING btree (org_id, kind, occurred_at, seq);
CREATE INDEX ix_events_org_id_occurred_at_seq ON public.events USING btree (org_id, occurred_at, seq);
CREATE UNIQUE INDEX ix_events_org_id_reverses ON public.events USING btree (org_id, reverses);
CREATE INDEX ix_events_org_id_source_id_occurred_at_seq ON public.events USING btree (org_id, source_id, occurred_at, seq);
CREATE INDEX ix_memberships_user_id ON public.memberships USING btree (user_id);
ALTER TABLE ONLY public.allocations
    ADD CONSTRAINT fk_allocations_events FOREIGN KEY (org_id, event_seq) REFERENCES public.events(org_id, seq);
ALTER TABLE ONLY public.allocations
    ADD CONSTRAINT fk_allocations_grants FOREIGN KEY (org_id, grant_id) REFERENCES public.grants(org_id, id);
ALTER TABLE ONLY public.allocations
    ADD CONSTRAINT fk_allocations_organizations FOREIGN KEY (org_id) REFERENCES public.organizations(org_id);
ALTER TABLE ONLY public.allowance_lines
    ADD CONSTRAINT fk_allowance_lines_allowances FOREIGN KEY (org_id, allowance_id) REFERENCES public.allowances(org_id, id);
ALTER TABLE ONLY public.allowance_lines
    ADD CONSTRAINT fk_allowance_lines_organizations FOREIGN KEY (org_id) REFERENCES public.organizations(org_id);
ALTER TABLE ONLY public.allowances
    ADD CONSTRAINT fk_allowances_organizations FOREIGN KEY (org_id) REFERENCES public.organizations(org_id);
ALTER TABLE ONLY public.billing_periods
    ADD CONSTRAINT fk_billing_periods_organizations FOREIGN KEY (org_id) REFERENCES public.organizations(org_id);
ALTER TABLE ONLY public.event_keys
    ADD CONSTRAINT fk_event_keys_organizations FOREIGN KEY (org_id) REFERENCES public.organizations(org_id);
ALTER TABLE ONLY public.events
    ADD CONSTRAINT fk_events_organizations FOREIGN KEY (org_id) REFERENCES public.organizations(org_id);
ALTER TABLE ONLY public.grants
    ADD CONSTRAINT fk_grants_organizations FOREIGN KEY (org_id) REFERENCES public.organizations(org_id);
ALTER TABLE ONLY public.idempotency_keys
    ADD CONSTRAINT fk_idempotency_keys_organizations FOREIGN KEY (org_id) REFERENCES public.organizations(org_id);
ALTER TABLE ONLY public.journal
    ADD CONSTRAINT fk_journal_organizations FOREIGN KEY (org_id) REFERENCES public.organizations(org_id);
ALTER TABLE ONLY public.memberships
    ADD CONSTRAINT fk_memberships_organizations FOREIGN KEY (org_id) REFERENCES public.organizations(org_id);
ALTER TABLE ONLY public.memberships
    ADD CONSTRAINT fk_memberships_users FOREIGN KEY (user_id) REFERENCES public.users(id);
ALTER TABLE ONLY public.rollups
    ADD CONSTRAINT fk_rollups_organizations FOREIGN KEY (org_id) REFERENCES public.organizations(org_id);
ALTER TABLE ONLY public.subscriptions
    ADD CONSTRAINT fk_subscriptions_organizations FOREIGN KEY (org_id) REFERENCES public.organizations(org_id);
ALTER TABLE ONLY public.tokens
    ADD CONSTRAINT fk_tokens_organizations FOREIGN KEY (org_id) REFERENCES public.organizations(org_id);
ALTER TABLE ONLY public.tokens
    ADD CONSTRAINT fk_tokens_users FOREIGN KEY (user_id) REFERENCES public.users(id);
