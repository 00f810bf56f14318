// What each resource and function of the provider needs, and how to find out whether it works. docs/credentials.md and
// docs/resources/ describe the same. Only read-only requests are sent.
import { type HubClient, HubError } from "pulumi-huggingface/client";
import {
  absent,
  byRights,
  fails,
  forAdministrators,
  forRepositories,
  type Needs,
  type Rights,
  unknown,
  type Verdict,
  WORKS,
} from "./rights";

/** What a check uses. */
export interface Patient {
  client: HubClient;
  rights: Rights;
  me: { name: string };
}

/** How one resource or function is checked. */
export interface Check {
  name: string;
  kind: "resource" | "function";
  /** What it needs, in words. */
  needs: string;
  decide(patient: Patient): Verdict | Promise<Verdict>;
}

const administrator = (permission: string, plan?: Needs["plan"]): Needs => ({
  role: "admin",
  permission,
  ...(plan && { plan }),
});

const WRITE_REPOSITORIES: Needs = { role: "write", permission: "repo.write" };
const READ_REPOSITORIES: Needs = { role: "read", permission: "repo.content.read", readOnly: true };
const MEMBERS = administrator("org.write", "team");
const GROUPS = administrator("resourceGroup.write", "team");
const ACCOUNTS = administrator("org.serviceAccounts.write", "enterprise");
const SSO = administrator("org.write");
/** The Hub counts a download of the log as a change. */
const AUDIT = administrator("org.auditLog.write", "team");
const READ_GROUPS: Needs = { role: "read", permission: "org.read", plan: "team", readOnly: true };
const READ_ACCOUNTS: Needs = { ...ACCOUNTS, permission: "org.serviceAccounts.read", readOnly: true };
const READ_MEMBER_TOKENS: Needs = { ...MEMBERS, readOnly: true };

/** A check that who-am-I decides. */
const works = (): Verdict => WORKS;
const writesRepositories: Check["decide"] = ({ rights }) => forRepositories(rights, WRITE_REPOSITORIES);
const managesAccounts: Check["decide"] = (patient) => changes(patient, ACCOUNTS, listAccounts);
const readsGroups: Check["decide"] = (patient) => answered(patient, listGroups, READ_GROUPS);
/** Decided by the rights, because the Hub records each download of the log. */
const readsAudit: Check["decide"] = ({ rights }) => byRights(rights, AUDIT);

/** All checks, in the order of the output. */
export const CHECKS: readonly Check[] = [
  resource("RepoVisibility", "write access to the repository", writesRepositories),
  resource("OrganizationVisibility", "an administrator", ({ rights }) =>
    forAdministrators(rights, administrator("repo.write")),
  ),
  resource("SpaceSecret", "write access to the Space", writesRepositories),
  resource("SpaceVariable", "write access to the Space", writesRepositories),
  resource("MemberRole", "an administrator, a paid plan", ({ rights }) => byRights(rights, MEMBERS)),
  resource("ResourceGroup", "an administrator, Team plan", (patient) => changes(patient, GROUPS, listGroups)),
  resource("ResourceGroupMember", "an administrator of the resource group, Team plan", groupMember),
  resource("RepoResourceGroup", "an administrator, Team plan", ({ rights }) => byRights(rights, GROUPS)),
  resource("ServiceAccount", "an administrator, Enterprise plan", managesAccounts),
  resource("HubToken", "an administrator, Enterprise plan", managesAccounts),
  resource("SsoConfig", "an administrator, the extended API", (patient) => ssoConfig(patient, false)),
  resource("SsoCredential", "an administrator, existing single sign-on", ssoCredential),

  definition("whoami", "any token", works),
  definition("getMyOrgRole", "any token", works),
  definition("hasOrgRole", "any token", works),
  definition("getMembers", "any token", (patient) => answered(patient, listMembers)),
  definition("getRepositories", "a member", (patient) =>
    answered(patient, listRepositories, READ_REPOSITORIES),
  ),
  definition("getRepositoryScan", "read access to the repository", ({ rights }) =>
    forRepositories(rights, READ_REPOSITORIES),
  ),
  definition("getResourceGroups", "Team plan; only an administrator sees all", readsGroups),
  definition("getResourceGroup", "Team plan; only an administrator sees all", readsGroups),
  definition("getServiceAccounts", "an administrator, Enterprise plan", (patient) =>
    answered(patient, listAccounts, READ_ACCOUNTS),
  ),
  definition("getMemberTokens", "an administrator, Team plan", (patient) =>
    answered(patient, listMemberTokens, READ_MEMBER_TOKENS),
  ),
  definition("getAuditLogs", "an administrator or org.auditLog.write, Team plan", readsAudit),
  definition("streamAuditLogs", "an administrator or org.auditLog.write, Team plan", readsAudit),
  definition("getSsoConfig", "an administrator, the extended API", (patient) => ssoConfig(patient, true)),
  definition("getTokens", "a user's token, the extended API", (patient) =>
    answered(patient, listOwnTokens, undefined, "absent"),
  ),
];

function resource(name: string, needs: string, decide: Check["decide"]): Check {
  return { name, kind: "resource", needs, decide };
}

function definition(name: string, needs: string, decide: Check["decide"]): Check {
  return { name, kind: "function", needs, decide };
}

type Request = (patient: Patient) => Promise<unknown>;

const listAccounts: Request = ({ client, rights }) => client.listServiceAccounts(rights.organization);
const listGroups: Request = ({ client, rights }) => client.listResourceGroups(rights.organization);
const listMembers: Request = ({ client, rights, me }) =>
  client.listMembers(rights.organization, { search: me.name });
const listMemberTokens: Request = ({ client, rights, me }) =>
  client.listMemberTokens(rights.organization, { query: `owner:${me.name}` });
const listRepositories: Request = ({ client, rights }) =>
  client.listRepositories(rights.organization, { limit: 1 });
const listOwnTokens: Request = ({ client }) => client.listTokens();
const getSsoConfig: Request = ({ client, rights }) => client.getSsoConfig(rights.organization);

/** The answers so far, because several checks send the same request. */
const ANSWERS = new WeakMap<Patient, Map<Request, Promise<unknown>>>();

function ask(patient: Patient, request: Request): Promise<unknown> {
  const answers = ANSWERS.get(patient) ?? new Map<Request, Promise<unknown>>();
  ANSWERS.set(patient, answers);
  const answer = answers.get(request) ?? request(patient);
  answers.set(request, answer);
  return answer;
}

/** For a change: decides by the rights. If they are enough, the Hub must also answer a request that only reads. */
async function changes(patient: Patient, needs: Needs, request: Request): Promise<Verdict> {
  const verdict = byRights(patient.rights, needs);
  return verdict.state === "works" ? answered(patient, request, needs) : verdict;
}

/**
 * For a function: decides by the Hub's answer to a request that only reads. If it is refused, the rights explain it.
 *
 * A token that the organization restricts sends nothing, because the first use of a token can request its approval.
 */
async function answered(
  patient: Patient,
  request: Request,
  needs?: Needs,
  notFound: "fails" | "absent" = "fails",
): Promise<Verdict> {
  const { rights } = patient;
  if (rights.restrictions.length > 0) return byRights(rights, READ_REPOSITORIES);
  try {
    await ask(patient, request);
    return WORKS;
  } catch (error) {
    const refusal = refusalOf(error, notFound);
    const reason = needs && byRights(rights, needs);
    return refusal.state === "fails" && reason?.state === "fails" ? reason : refusal;
  }
}

function refusalOf(error: unknown, notFound: "fails" | "absent"): Verdict {
  if (!(error instanceof HubError)) throw error;
  const advice = error.advice ?? error.message;
  if (error.status === 404 && notFound === "absent") return absent(advice);
  if (error.status !== undefined && error.status < 500 && error.status !== 429) {
    return fails(`The Hub answered ${error.status}. ${advice}`);
  }
  return { ...unknown(error.message), isOutage: true };
}

function groupMember({ rights }: Patient): Verdict {
  const verdict = byRights(rights, GROUPS);
  const isGroupAdmin = rights.membership?.resourceGroups?.some(({ role }) => role === "admin") === true;
  if (verdict.state !== "fails" || !isGroupAdmin || rights.restrictions.length > 0) return verdict;
  if (rights.tokenRole === "read") return verdict;
  return unknown("It works in the resource groups that you administer, and in no others.");
}

/** The configuration of single sign-on. Its absence is not a problem of the credential. */
async function ssoConfig(patient: Patient, readOnly: boolean): Promise<Verdict> {
  const allowed = byRights(patient.rights, { ...SSO, readOnly });
  if (allowed.state === "fails") return allowed;
  try {
    await ask(patient, getSsoConfig);
    return allowed;
  } catch (error) {
    if (error instanceof HubError && error.code === "SsoNotConfigured") return allowed;
    return refusalOf(error, "absent");
  }
}

async function ssoCredential(patient: Patient): Promise<Verdict> {
  const allowed = byRights(patient.rights, SSO);
  if (allowed.state === "fails") return allowed;
  try {
    await ask(patient, getSsoConfig);
    return allowed;
  } catch (error) {
    if (error instanceof HubError && error.code === "SsoNotConfigured") {
      return absent(
        "The organization has no single sign-on yet. Set it up in the organization's settings, or with SsoConfig.",
      );
    }
    const refusal = refusalOf(error, "absent");
    return refusal.state === "absent"
      ? unknown(
          "This Hub does not show whether the organization has single sign-on. Without it, the Hub refuses.",
        )
      : refusal;
  }
}
