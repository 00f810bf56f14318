// A program with unit tests that need no Hub. See pipeline.test.ts.
import * as pulumi from "@pulumi/pulumi";
import { pipeline } from "./pipeline";

const organization = new pulumi.Config().get("organization") ?? "acme";
const { account, token, models } = pipeline(organization, "evaluation");

export const user = account.user;
export const permissions = token.permissions;
export const readable = models;
