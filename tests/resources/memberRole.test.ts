// The whole life of a MemberRole on a local Hub.
import assert from "node:assert/strict";
import { type Member } from "../../provider/src/client";
import { UnfinishedError } from "../../provider/src/model/definition";
import { memberRoleDefinition } from "../../provider/src/resources/memberRole/lifecycle";
import { type MemberRoleState } from "../../provider/src/resources/memberRole/model";
import { governance } from "../support/governance";
import { startHub, type Hub } from "../support/hub";
import { Clock, ResourceHarness } from "../support/lifecycle";

const PUT = { method: "PUT", path: /\/role$/ } as const;
const MEMBERS = { method: "GET", path: /\/members$/ } as const;

describe("MemberRole", () => {
  let hub: Hub;
  let clock: Clock;
  let team: ReturnType<typeof governance>;

  beforeEach(async () => {
    hub = await startHub();
    clock = new Clock(new Date());
    team = governance(hub);
  });
  afterEach(() => hub.close());

  const slot = (token?: string) => new ResourceHarness(memberRoleDefinition, { hub, clock, token });
  const args = (changes: object = {}) => ({
    organization: "acme",
    user: "rex-read",
    role: "read",
    ...changes,
  });
  const declared = async (changes: object = {}) => {
    const resource = slot();
    await resource.up(args(changes));
    return resource;
  };
  /** The next answers about members, changed. */
  const membersAre = async (change: (member: Member) => object, times = 1) => {
    const body = (await team.client.listMembers("acme", { search: "rex-read" })).map(change);
    hub.inject({ ...MEMBERS, times, effect: { status: 200, body } });
  };

  it("applies the first declaration, then has nothing to do, and leaves the role at the end", async () => {
    await team.setRole("rex-read", "write");
    const resource = await declared();
    assert.equal(team.roleOf("rex-read"), "read");
    assert.equal(resource.id, "acme/rex-read");
    assert.equal(resource.kept.status, "active");
    assert.equal(resource.preview(args()), "same");
    assert.deepEqual(await resource.refresh(), []);
    assert.equal(resource.preview(args()), "same");
    assert.equal(await resource.up(args({ role: "contributor" })), "update");
    assert.equal(team.roleOf("rex-read"), "contributor");
    const writes = team.writes().length;
    await resource.destroy();
    assert.equal(team.roleOf("rex-read"), "contributor");
    assert.equal(team.writes().length, writes);
  });

  it("lowers a role that someone raised, and raises a lowered one only with a new reason", async () => {
    const resource = await declared({ role: "contributor" });
    await team.setRole("rex-read", "admin");
    assert.deepEqual(await resource.refresh(), ["role"]);
    assert.equal(await resource.up(args({ role: "contributor" })), "update");
    assert.equal(team.roleOf("rex-read"), "contributor");
    await team.setRole("rex-read", "read");
    assert.deepEqual(await resource.refresh(), ["role"]);
    await assert.rejects(resource.up(args({ role: "contributor" })), {
      message:
        "The role of rex-read in acme was changed on the Hub after this program set it to contributor: it is read. It is not changed to contributor " +
        'automatically, because someone may have done that on purpose. Declare role: "read" to keep it, or give a new reason in acknowledgeOverwrite to overwrite it.',
    });
    assert.equal(team.roleOf("rex-read"), "read");
    const reason = { role: "contributor", acknowledgeOverwrite: "back from leave" };
    assert.equal(await resource.up(args(reason)), "update");
    assert.equal(team.roleOf("rex-read"), "contributor");
    assert.equal(resource.preview(args(reason)), "same");
    await team.setRole("rex-read", "read");
    await resource.refresh();
    await assert.rejects(resource.up(args(reason)), /give a new reason/);
  });

  it("names the person who raised the role", async () => {
    const resource = await declared();
    clock.now = new Date(Date.now() - 60_000);
    resource.state = { ...resource.kept, appliedAt: clock.now.toISOString() };
    await team.setRole("rex-read", "admin");
    clock.now = new Date();
    await resource.refresh();
    await resource.up(args());
    const said = resource.warnings().join();
    assert.match(
      said,
      /someone changed the role of rex-read in acme .* set it to read: it was admin \(by ada-admin at/,
    );
  });

  it("is looked up by its id alone, which must have the right form", async () => {
    const context = slot().context();
    const found = await memberRoleDefinition.read("acme/rex-read", undefined, context);
    assert.equal(found?.inputs.role, "read");
    assert.equal(await memberRoleDefinition.read("acme/otto-outsider", undefined, context), undefined);
    await assert.rejects(() => memberRoleDefinition.read("acme", undefined, context), {
      message:
        '"acme" is not the id of a member\'s role. It has the form organization/user, such as acme/ana.',
    });
  });

  describe("and resource groups", () => {
    const groups = ["legal admin", "research write"];
    beforeEach(async () => {
      await team.group("research", [{ user: "rex-read", role: "write" }]);
      await team.group("legal", [{ user: "rex-read", role: "admin" }]);
    });
    /** Another process drops the member from a resource group while the role changes. */
    const dropped = () => {
      const [research] = hub.store.groupsOf.all("acme");
      const { client } = team;
      return client.removeResourceGroupUser("acme", research!.id, "rex-read");
    };
    /** Runs a step directly after the request that changes the role. */
    const afterRole = (step: () => Promise<unknown>) => {
      const context = slot().context();
      const { client } = context;
      const change = client.updateMemberRole.bind(client);
      client.updateMemberRole = async (...about) => {
        await change(...about);
        await step();
      };
      return context;
    };

    it("are kept", async () => {
      await declared({ role: "contributor" });
      assert.deepEqual(team.groupsOf("rex-read"), groups);
    });
    it("are put back if the Hub has dropped the member", async () => {
      await memberRoleDefinition.create(slot().check(args({ role: "contributor" })), afterRole(dropped));
      assert.deepEqual(team.groupsOf("rex-read"), groups);
    });
    it("are put back if the Hub has dropped the member and the answer is lost", async () => {
      const context = afterRole(async () => {
        await dropped();
        throw Object.assign(new Error("The answer was lost."), { outcomeUnknown: true });
      });
      await memberRoleDefinition.create(slot().check(args({ role: "contributor" })), context);
      assert.deepEqual(team.groupsOf("rex-read"), groups);
    });
    it("are named if the member cannot be put back, and the update keeps the new role", async () => {
      const resource = await declared();
      const context = afterRole(async () => {
        await dropped();
        hub.inject({ method: "POST", path: /\/users$/, effect: { status: 403, body: { error: "no" } } });
      });
      const inputs = resource.check(args({ role: "contributor" }));
      await assert.rejects(
        memberRoleDefinition.update("acme/rex-read", resource.kept, inputs, context),
        (error: UnfinishedError) => {
          assert.match(
            error.message,
            /Hub dropped rex-read from the resource group research and did not take/,
          );
          assert.match(error.message, /Add rex-read to research with the role write on the Hub\.$/);
          assert.equal((error.state as { applied?: string }).applied, "contributor");
          return true;
        },
      );
    });
    it("must be shown before anything is sent", async () => {
      const resource = await declared();
      for (const hide of [
        ({ resourceGroups: _hidden, ...member }: Member) => member,
        (member: Member) => ({
          ...member,
          resourceGroups: [{ id: "0123456789abcdef01234567", name: "legal" }],
        }),
      ]) {
        await membersAre(hide, 2);
        await assert.rejects(
          resource.up(args({ role: "contributor" })),
          /so nothing was sent\. Use the token of an/,
        );
        hub.clearFaults();
      }
      assert.equal(team.roleOf("rex-read"), "read");
    });
    it("are checked on the Hub by a person if it no longer shows them", async () => {
      const resource = await declared();
      const context = afterRole(() => membersAre(({ resourceGroups: _hidden, ...member }) => member));
      const inputs = resource.check(args({ role: "contributor" }));
      await assert.rejects(
        memberRoleDefinition.update("acme/rex-read", resource.kept, inputs, context),
        /Check on the Hub that rex-read is still in research \(write\), legal \(admin\)\./,
      );
    });
    it("are not lost if two roles of the organization change at the same time", async () => {
      const client = slot().context().client;
      let running = 0;
      const change = client.updateMemberRole.bind(client);
      client.updateMemberRole = async (...about) => {
        assert.equal(++running, 1, "two changes at the same time");
        await change(...about);
        // Long enough for the other change to begin.
        await new Promise((resolve) => setTimeout(resolve, 100));
        running--;
      };
      await Promise.all(
        ["rex-read", "nia-no-access"].map((user) => {
          const resource = slot();
          const context = { ...resource.context(), client };
          return memberRoleDefinition.create(resource.check(args({ user, role: "contributor" })), context);
        }),
      );
      assert.deepEqual(team.groupsOf("rex-read"), groups);
    });
  });

  it("needs to see the role", async () => {
    await membersAre(({ role: _hidden, ...member }) => member);
    await assert.rejects(slot().up(args()), {
      message:
        "The Hub does not show the role of rex-read of acme to these credentials, so nothing was sent. Use the token of an administrator of the " +
        "organization, or one with the permission org.write.",
    });
    await membersAre((member) => ({ ...member, role: "owner" }));
    await assert.rejects(slot().up(args()), /role "owner" on the Hub, which this release does not know/);
  });

  it("never lowers the last administrator", async () => {
    const admin = args({ user: "ada-admin", role: "write", allowOwnDemotion: true });
    await assert.rejects(slot().up(admin), {
      message:
        "ada-admin is the last administrator of acme, so the role was not changed to write. Make another member an administrator first.",
    });
    assert.deepEqual(team.writes(), []);
    await team.setRole("wim-write", "admin");
    await slot().up(admin);
    assert.equal(team.roleOf("ada-admin"), "write");
  });

  it("lowers the role of the token's owner only with allowOwnDemotion", async () => {
    await team.setRole("wim-write", "admin");
    const own = { user: "ada-admin", role: "contributor" };
    await assert.rejects(slot().up(args(own)), {
      message:
        "ada-admin is the owner of the token that this run uses, so the role was not lowered from admin to contributor: later runs may not be able to " +
        "change it back. Use the token of another administrator, or set allowOwnDemotion to true.",
    });
    assert.equal(team.roleOf("ada-admin"), "admin");
    await slot().up(args({ ...own, allowOwnDemotion: true }));
    assert.equal(team.roleOf("ada-admin"), "contributor");
  });

  it("keeps a role whose answer was lost, and is not refused later", async () => {
    const resource = await declared();
    hub.inject({ ...PUT, effect: "lose-answer" });
    await resource.up(args({ role: "contributor" }));
    assert.equal(resource.kept.applied, "contributor");
  });

  it("remembers a role that was sent without any answer", async () => {
    const resource = await declared();
    const context = resource.context();
    const change = context.client.updateMemberRole.bind(context.client);
    context.client.updateMemberRole = async (...about) => {
      await change(...about);
      hub.inject({ ...MEMBERS, times: 9, effect: { status: 503 } });
      throw Object.assign(new Error("The answer was lost."), { outcomeUnknown: true });
    };
    const failed: unknown = await memberRoleDefinition
      .update("acme/rex-read", resource.kept, resource.check(args({ role: "contributor" })), context)
      .catch((error: unknown) => error);
    assert.ok(failed instanceof UnfinishedError);
    hub.clearFaults();
    resource.state = failed.state as MemberRoleState;
    assert.equal(resource.kept.tried, "contributor");
    // The Hub has the role that was sent, so the program may replace it with a higher one.
    await resource.up(args({ role: "write" }));
    assert.equal(team.roleOf("rex-read"), "write");
  });

  it("reports a change that the Hub accepts but does not make", async () => {
    const resource = await declared();
    hub.inject({ ...PUT, effect: { status: 200, body: { success: true } } });
    await assert.rejects(resource.up(args({ role: "contributor" })), {
      message:
        "The Hub accepted a change of the role of rex-read in acme but did not make it: it is read. Run `pulumi up` again; if that does not help, " +
        "change it on the Hub.",
    });
    assert.equal(await resource.up(args({ role: "contributor" })), "update");
    assert.equal(team.roleOf("rex-read"), "contributor");
  });

  describe("of a person who is not a member", () => {
    it("is refused, and no one is invited", async () => {
      await assert.rejects(slot().up(args({ user: "otto-outsider" })), {
        message:
          "otto-outsider is not a member of acme, so there is no role to manage. The Hub's API cannot add members: invite otto-outsider on the Hub, " +
          "or remove this resource from the program. A person who joins later is not given a higher role automatically.",
      });
      assert.deepEqual(team.writes(), []);
    });
    it("is not believed if the Hub hides members", async () => {
      const resource = await declared();
      hub.inject({ ...MEMBERS, times: 2, effect: { status: 200, body: [] } });
      await assert.rejects(
        resource.refresh(),
        /The Hub does not show all members of acme to these credentials/,
      );
    });
    it("is missing until the person joins again, and is then not raised automatically", async () => {
      const resource = await declared({ role: "contributor", acknowledgeOverwrite: "first" });
      team.leave("rex-read");
      await resource.refresh();
      assert.equal(resource.kept.status, "missing");
      const contributor = args({ role: "contributor", acknowledgeOverwrite: "first" });
      assert.equal(await resource.up(contributor), "same");
      team.join("rex-read", "read");
      await resource.refresh();
      // The run that reports it does not use a reason that was given before the report.
      const early = { role: "contributor", acknowledgeOverwrite: "second" };
      await assert.rejects(resource.up(args(early)), /this program did not set that/);
      assert.match(resource.warnings().join(), /this is a different object/);
      await assert.rejects(resource.up(args(early)), /this program did not set that/);
      await resource.up(args({ role: "contributor", acknowledgeOverwrite: "third" }));
      assert.equal(team.roleOf("rex-read"), "contributor");
    });
  });

  describe("of another person with the same user name", () => {
    it("is lowered, but not raised without a new reason", async () => {
      const resource = await declared({ role: "contributor" });
      team.reuseName("rex-read");
      await team.setRole("rex-read", "admin");
      await resource.refresh();
      assert.equal(await resource.up(args({ role: "contributor" })), "update");
      assert.equal(team.roleOf("rex-read"), "contributor");
      team.reuseName("rex-read");
      await team.setRole("rex-read", "read");
      await resource.refresh();
      await assert.rejects(resource.up(args({ role: "contributor" })), /this program did not set that/);
      assert.equal(team.roleOf("rex-read"), "read");
    });
    it("is left unchanged at the end, even after a run has reported it", async () => {
      const final = { role: "contributor", onDestroy: "read" };
      const resource = await declared(final);
      team.reuseName("rex-read");
      await team.setRole("rex-read", "admin");
      await memberRoleDefinition.delete("acme/rex-read", resource.kept, resource.context());
      assert.equal(team.roleOf("rex-read"), "admin");
      await team.setRole("rex-read", "read");
      await assert.rejects(resource.up(args({ ...final, allowOwnDemotion: true })), UnfinishedError);
      await team.setRole("rex-read", "admin");
      await resource.destroy();
      assert.equal(team.roleOf("rex-read"), "admin");
      assert.match(resource.warnings().join(), /left unchanged on the Hub: it is a different object/);
    });
  });

  describe("destroy with onDestroy read", () => {
    it("lowers the role, and sends nothing for a role that is not higher", async () => {
      const resource = await declared({ role: "contributor", onDestroy: "read" });
      await resource.destroy();
      assert.equal(team.roleOf("rex-read"), "read");
      assert.match(resource.said.at(-1)?.message ?? "", /lowered the role to read/);
      await team.setRole("nia-no-access", "no_access");
      const lowest = await declared({ user: "nia-no-access", role: "no_access", onDestroy: "read" });
      const writes = team.writes().length;
      await lowest.destroy();
      assert.equal(team.writes().length, writes);
    });
    it("fails for the last administrator, and if the Hub does not lower the role", async () => {
      const admin = await declared({ user: "ada-admin", role: "admin", onDestroy: "read" });
      await assert.rejects(admin.destroy(), /is the last administrator of acme/);
      const resource = await declared({ role: "contributor", onDestroy: "read" });
      hub.inject({ ...PUT, effect: { status: 200, body: { success: true } } });
      await assert.rejects(resource.destroy(), /does not show it\. Run the command again/);
      await resource.destroy();
      assert.equal(team.roleOf("rex-read"), "read");
    });
    it("succeeds for a person who has left", async () => {
      const resource = await declared({ role: "contributor", onDestroy: "read" });
      team.leave("rex-read");
      await resource.destroy();
    });
  });
});
