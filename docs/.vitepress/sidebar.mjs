// In the order of a reader's questions.
export const sidebar = [
  {
    text: "Getting started",
    items: [{ text: "Install", link: "/install" }],
  },
  {
    text: "Guides",
    items: [
      { text: "Credentials", link: "/credentials" },
      { text: "The rule", link: "/rule" },
      { text: "Rotation", link: "/rotation" },
      {
        text: "Single sign-on",
        link: "/single-sign-on",
        items: [
          { text: "With Okta", link: "/single-sign-on/okta" },
          { text: "With Microsoft Entra ID", link: "/single-sign-on/entra-id" },
        ],
      },
      { text: "Drift in pipelines", link: "/drift" },
      { text: "Command line", link: "/command-line" },
      { text: "Pipelines", link: "/pipelines" },
      { text: "Existing resources", link: "/import" },
      { text: "Adopt an organization", link: "/adopt" },
      { text: "Incidents", link: "/incidents" },
      { text: "Fleets", link: "/fleets" },
      { text: "Unit tests", link: "/unit-tests" },
    ],
  },
  {
    text: "Resources",
    items: [
      { text: "RepoVisibility", link: "/resources/repo-visibility" },
      { text: "OrganizationVisibility", link: "/resources/organization-visibility" },
      { text: "ResourceGroup", link: "/resources/resource-group" },
      { text: "ResourceGroupMember", link: "/resources/resource-group-member" },
      { text: "RepoResourceGroup", link: "/resources/repo-resource-group" },
      { text: "MemberRole", link: "/resources/member-role" },
      { text: "ServiceAccount", link: "/resources/service-account" },
      { text: "HubToken", link: "/resources/hub-token" },
      { text: "SpaceSecret", link: "/resources/space-secret" },
      { text: "SpaceVariable", link: "/resources/space-variable" },
      { text: "SsoConfig", link: "/resources/sso-config" },
      { text: "SsoCredential", link: "/resources/sso-credential" },
    ],
  },
  {
    text: "Reference",
    items: [
      { text: "Functions", link: "/functions" },
      { text: "Client", link: "/client" },
      { text: "Troubleshooting", link: "/troubleshooting" },
    ],
  },
  {
    text: "More",
    items: [
      { text: "Comparison", link: "/by-hand" },
      { text: "Compatibility", link: "/compatibility" },
      { text: "Security", link: "/security" },
      { text: "Reliability", link: "/reliability" },
      { text: "Performance", link: "/performance" },
      { text: "Mutation tests", link: "/mutation" },
      { text: "Changelog", link: "/changelog" },
    ],
  },
];
