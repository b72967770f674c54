// What a program in TypeScript relies on: that this is accepted, and that what is marked is not.
import type { components, operations, paths } from "./schema";

type Summary = components["schemas"]["Summary"];
type Reply<Name extends keyof operations> = operations[Name] extends {
  responses: { 200: { content: { "application/json": infer Body } } };
}
  ? Body
  : never;

export function creditsLeft(summary: Summary): string {
  const expiry = summary.balance.next_expiry;
  return expiry === null ? summary.balance.total : `${summary.balance.total}, ${expiry.amount} until ${expiry.at}`;
}

export function nextPage(page: Reply<"events">): string | null {
  return page.page.next;
}

export function refused(receipt: Reply<"ingest">): string[] {
  return receipt.results.filter((result) => result.status === "invalid").map((result) => result.id);
}

export const event: components["schemas"]["CloudEvent"] = {
  specversion: "1.0",
  type: "usage.ai_tool",
  source: "//tools/prod",
  id: "run-1",
  data: { credits: "50.125" },
};

// @ts-expect-error Amounts are strings.
export const number: components["schemas"]["UseData"] = { credits: 50.125 };

// @ts-expect-error A grant needs an amount.
export const grant: components["schemas"]["NewGrant"] = { id: "gr_1", description: "Top-up", bucket: "purchased" };

// @ts-expect-error There is no such address.
export type Nothing = paths["/v1/nothing"];
