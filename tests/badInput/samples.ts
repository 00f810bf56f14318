// Valid arguments for each resource, and a state that it may have written.
import { definitionOf, type ResourceType } from "../../provider/src/resources/registry";
import { type AnyDefinition } from "./definitions";

const OWNER = "0123abcd";
const ID = "0123456789abcdef01234567";
const OTHER_ID = "76543210fedcba9876543210";
const TIME = "2026-01-02T03:04:05.678Z";

/** A resource with valid arguments and the state of an object with these arguments. */
export interface Sample {
  name: string;
  definition: AnyDefinition;
  inputs: Record<string, unknown>;
  state: Record<string, unknown>;
  /** The id of the object. */
  id: string;
}

/** @param certificate - PEM, valid and strong */
export function samplesWith(certificate: string): Sample[] {
  const schedule = {
    rotateEveryDays: 30,
    rotateBeforeDays: 5,
    rotationTriggers: { release: "1", other: "2" },
    overlapHours: 12,
    idleMinutes: 30,
    recreateIfInvalid: true,
  };
  const serviceToken = {
    owner: OWNER,
    name: "ci",
    organization: "acme",
    serviceAccount: ID,
    permissions: ["org.read", "repo.content.read"],
    repoPermissions: ["repo.content.read"],
    repos: ["acme/m", "datasets/acme/d"],
    endpointPatterns: ["acme/*"],
    skipNetworkSecurity: false,
    ...schedule,
  };
  const userToken = {
    owner: OWNER,
    name: "me",
    role: "write",
    expiresAt: "2099-01-31T00:00:00Z",
    ...schedule,
  };
  const group = {
    owner: OWNER,
    organization: "acme",
    name: "Research",
    description: "Models that are not released",
    spendLimits: { total: 500 },
    members: [{ user: "ada", role: "write" }],
    repositories: [{ repo: "acme/m", repoType: "model" }],
    acknowledgeOverwrite: "agreed with Ada",
  };
  const issued = {
    token: `hf_${"S".repeat(34)}`,
    last4: "SSSS",
    createdAt: TIME,
    rotateAt: "2026-02-01T03:04:05.678Z",
    expiryEnforced: false,
    status: "active",
    predecessors: [{ tokenId: OTHER_ID, supersededAt: TIME }],
    stateVersion: 1,
  };
  const predecessors = {
    organization: "acme",
    serviceAccount: ID,
    owner: OWNER,
    tokenId: OTHER_ID,
    predecessors: [{ tokenId: ID, supersededAt: TIME }],
    overlapHours: 24,
    idleMinutes: 60,
  };
  const model = {
    owner: OWNER,
    repo: "acme/llm",
    repoType: "model",
    visibility: "public",
    gated: "auto",
    acknowledgePublic: "released",
    onDestroy: "private",
  };
  const space = {
    owner: OWNER,
    repo: "acme/demo",
    repoType: "space",
    visibility: "internal",
    onDestroy: "retain",
  };
  const setting = {
    space: "acme/demo",
    key: "API_KEY",
    description: "for the API",
    acknowledgeOverwrite: "ticket 7",
  };
  const kept = {
    applied: "acme/llm",
    appliedAt: TIME,
    heard: { seen: ["0123456789abcdef"] },
    identity: ID,
    status: "active",
  };
  const account = {
    owner: OWNER,
    organization: "acme",
    name: "ci",
    description: "builds",
    allowReplace: false,
    forceDestroy: true,
    recreateIfMissing: false,
  };
  const value = {
    appliedAt: TIME,
    heard: { seen: ["0123456789abcdef"] },
    status: "active",
  };
  const saml = {
    organization: "acme",
    provider: "saml",
    enabled: true,
    ssoUrl: "https://idp.acme.example/sso",
    certificate,
    warnBeforeDays: 20,
    adopt: true,
    onDestroy: "disable",
  };
  const oidc = {
    organization: "acme",
    provider: "oidc",
    enabled: false,
    ssoUrl: "https://idp.acme.example",
    clientId: "hub",
    clientSecret: "s3cret-s3cret",
    warnBeforeDays: 30,
    adopt: false,
    onDestroy: "retain",
  };
  const certificateFacts = {
    certificateExpiresAt: "2099-01-01T00:00:00.000Z",
    certificateFingerprint: "ab".repeat(32),
  };

  const sample = (
    name: string,
    type: ResourceType,
    id: string,
    inputs: Record<string, unknown>,
    outputs: Record<string, unknown>,
  ): Sample => ({
    name,
    definition: definitionOf(type) as AnyDefinition,
    id,
    inputs,
    state: { ...inputs, ...outputs, stateVersion: 1 },
  });

  return [
    sample("a service account's HubToken", "HubToken", `acme/${ID}/${OWNER}`, serviceToken, {
      ...issued,
      tokenId: ID,
      hubName: `ci [${OWNER}-0f0f]`,
      repoIds: [ID, OTHER_ID],
      applied: {
        reach: {
          permissions: ["org.read", "repo.content.read"],
          repoPermissions: ["repo.content.read"],
          repoIds: [ID, OTHER_ID],
          endpointPatterns: ["acme/*"],
          skipNetworkSecurity: false,
        },
      },
    }),
    sample("a user's HubToken", "HubToken", `user/${OWNER}`, userToken, {
      ...issued,
      tokenId: `me [${OWNER}-0f0f]`,
      hubName: `me [${OWNER}-0f0f]`,
      user: "alice",
      applied: { expiresAt: "2099-01-31T00:00:00Z" },
    }),
    sample("HubTokenPredecessors", "HubTokenPredecessors", `acme/${ID}/${OWNER}/predecessors`, predecessors, {
      pending: [{ tokenId: ID, supersededAt: TIME }],
      strays: [{ tokenId: ID, hubName: `ci [${OWNER}-1e1e]`, used: true }],
    }),
    sample(
      "OrganizationVisibility",
      "OrganizationVisibility",
      "acme/visibility",
      {
        organization: "acme",
        widest: "internal",
        exceptions: [{ repo: "acme/llm", repoType: "model", visibility: "public", reason: "released" }],
        mode: "enforce",
        maxChanges: 5,
      },
      {
        violations: [{ repo: "acme/corpus", repoType: "dataset", visibility: "public", allowed: "internal" }],
        violationCount: 1,
        repositoryCount: 2,
        limit: "internal",
        onlyReported: ["dataset/acme/corpus"],
        checkedAt: TIME,
      },
    ),
    sample("RepoVisibility of a model", "RepoVisibility", "model/acme/llm", model, {
      applied: { visibility: "public", gated: "auto", reason: "released" },
    }),
    sample("RepoVisibility of a Space", "RepoVisibility", "space/acme/demo", space, {
      applied: { visibility: "private" },
    }),
    sample(
      "MemberRole",
      "MemberRole",
      "acme/ana",
      {
        ...{ organization: "acme", user: "ana", role: "write", allowOwnDemotion: false },
        ...{ onDestroy: "read", acknowledgeOverwrite: "back from leave" },
      },
      { ...value, applied: "write", tried: "admin", seen: { value: "read" }, identity: ID, unreported: true },
    ),
    sample(
      "ResourceGroupMember",
      "ResourceGroupMember",
      `acme/${OTHER_ID}/ana`,
      { organization: "acme", groupId: OTHER_ID, user: "ana", role: "write", acknowledgeOverwrite: "agreed" },
      { ...value, applied: "write", identity: ID },
    ),
    sample(
      "RepoResourceGroup",
      "RepoResourceGroup",
      "dataset/acme/corpus",
      {
        repo: "acme/corpus",
        repoType: "dataset",
        groupId: OTHER_ID,
        onDestroy: "remove",
        acknowledgeOverwrite: "agreed",
      },
      { ...value, applied: OTHER_ID, seen: {}, identity: ID },
    ),
    sample("ResourceGroup", "ResourceGroup", `acme/${ID}`, group, {
      groupId: ID,
      status: "active",
      otherResources: 0,
      applied: {
        autoJoin: "none",
        "limit total": "500",
        "member ada": "write",
        "repository model/acme/m": ID,
      },
      appliedAt: TIME,
      complete: ["members", "repositories"],
      people: { "member ada": OTHER_ID },
      heard: { seen: [] },
    }),
    sample(
      "SpaceSecret",
      "SpaceSecret",
      "acme/demo/API_KEY",
      { ...setting, value: "s3cret-s3cret" },
      {
        ...kept,
        setAt: TIME,
      },
    ),
    sample("SpaceVariable", "SpaceVariable", "acme/demo/MODEL", { ...setting, value: "acme/llm" }, kept),
    sample("ServiceAccount", "ServiceAccount", `acme/${ID}`, account, {
      accountId: ID,
      user: "acme-ci",
      createdAt: TIME,
      status: "active",
    }),
    sample("SsoConfig with SAML", "SsoConfig", "acme/sso", saml, {
      ...certificateFacts,
      applied: {
        provider: "saml",
        enabled: true,
        ssoUrl: "https://idp.acme.example/sso",
        certificateFingerprint: "ab",
      },
    }),
    sample("SsoConfig with OIDC", "SsoConfig", "acme/sso", oidc, {
      applied: { provider: "oidc", enabled: false, ssoUrl: "https://idp.acme.example", clientId: "hub" },
    }),
    sample(
      "SsoCredential with a certificate",
      "SsoCredential",
      "acme/sso",
      { organization: "acme", certificate, replaceExisting: true },
      certificateFacts,
    ),
    sample(
      "SsoCredential with a secret",
      "SsoCredential",
      "acme/sso",
      { organization: "acme", clientSecret: "s3cret-s3cret", replaceExisting: true },
      {},
    ),
  ];
}
