// The rule of PeerBenchmarks, without its limit, by two other engines. Run `npm install`, then `npm start`.
import { createRequire } from 'node:module';
import { newEnforcer, newModelFromString } from 'casbin';

const cedar = createRequire(import.meta.url)('@cedar-policy/cedar-wasm/nodejs');
const call = { tool: 'read_file', mode: 'read', lines: 100 };

function prepareCedar() {
  const staticPolicies = `permit(principal, action == Action::"read_file", resource)
    when { ["read", "list"].contains(context.mode) && context.lines <= 1000 };`;
  const parsed = cedar.preparsePolicySet('peers', { staticPolicies });
  if (parsed.type !== 'success') throw new Error(JSON.stringify(parsed));
  return ({ tool, mode, lines }) => {
    const answer = cedar.statefulIsAuthorized({
      principal: { type: 'Grant', id: 'ci-runner' },
      action: { type: 'Action', id: tool },
      resource: { type: 'Server', id: 'files' },
      context: { mode, lines },
      preparsedPolicySetId: 'peers',
      validateRequest: false,
      entities: [],
    });
    return answer.type === 'success' && answer.response.decision === 'allow';
  };
}

async function prepareCasbin() {
  const enforcer = await newEnforcer(newModelFromString(`
    [request_definition]
    r = sub, tool, args
    [policy_definition]
    p = sub, tool
    [policy_effect]
    e = some(where (p.eft == allow))
    [matchers]
    m = r.sub == p.sub && r.tool == p.tool && (r.args.mode == "read" || r.args.mode == "list") && r.args.lines <= 1000`));
  await enforcer.addPolicy('ci-runner', 'read_file');
  return ({ tool, mode, lines }) => enforcer.enforceSync('ci-runner', tool, { mode, lines });
}

// The best of many short rounds, so that a busy machine disturbs little.
function measure(name, judge) {
  if (!judge(call) || judge({ ...call, lines: 1001 }) || judge({ ...call, tool: 'other' })) {
    throw new Error(`${name} judges differently`);
  }
  let best = Infinity;
  for (let round = 0; round < 300; round++) {
    const start = process.hrtime.bigint();
    for (let i = 0; i < 200; i++) judge(call);
    best = Math.min(best, Number(process.hrtime.bigint() - start) / 200);
  }
  console.log(`${name}: ${Math.round(best).toLocaleString('en')} ns a decision`);
}

measure(`cedar-wasm ${cedar.getCedarSDKVersion()}`, prepareCedar());
measure('casbin 5.51.1', await prepareCasbin());
