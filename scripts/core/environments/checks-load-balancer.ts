/**
 * What has to hold between the listeners of a load balancer.
 */
import type { LoadBalancerSettings } from "../environments.ts";
import type { Finding } from "./checks.ts";
import { alignedBlock, formatCidr, parseCidr } from "./cidr.ts";

/** Checks the test listener, and who may use it. */
export function checkTestListener({
  listenerPort,
  testListenerPort,
  testListenerCidrs = [],
}: LoadBalancerSettings): Finding[] {
  const findings = testListenerCidrs.flatMap((cidr, index) => checkBlock(cidr, index));
  if (testListenerPort === listenerPort) {
    const message = `Port ${listenerPort} is the production listener's. Choose another for the test listener.`;
    findings.push({ path: ["testListenerPort"], message });
  }
  if (testListenerPort === undefined && testListenerCidrs.length > 0) {
    const message = "There is no test listener. Give it a testListenerPort, or remove testListenerCidrs.";
    findings.push({ path: ["testListenerCidrs"], message, place: "key" });
  }
  return findings;
}

function checkBlock(cidr: string, index: number): Finding[] {
  const block = parseCidr(cidr);
  const path = ["testListenerCidrs", index];
  if (block === undefined) {
    const message = `"${cidr}" is not an IPv4 block. Write an address and a prefix length, as in 203.0.113.0/24.`;
    return [{ path, message }];
  }
  const aligned = formatCidr(alignedBlock(block));
  const message = `${cidr} does not start where its prefix does. The block around it is ${aligned}.`;
  return alignedBlock(block).first === block.first ? [] : [{ path, message }];
}
