import { spawn } from 'node:child_process';
import { repositoryRoot } from './repository-root.mjs';

/**
 * Runs a program in the root of the repository, its output shown as it comes, and resolves to its exit code (128 and
 * the signal's number where a signal ended it, as in a shell).
 */
export async function runProgram(command, args, env) {
  const child = spawn(command, args, { cwd: repositoryRoot, env, stdio: ['ignore', 'inherit', 'inherit'] });
  // The terminal sends its SIGINT to the child as well, and the child decides how to end.
  const passOn = (signal) => child.kill(signal);
  const stay = () => {};
  process.on('SIGTERM', passOn).on('SIGINT', stay);
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', (cause) => reject(new Error(`${command} could not be started: ${cause.message}`, { cause })));
      child.once('exit', (code, signal) => resolve(code ?? 128 + signalNumber(signal)));
    });
  } finally {
    process.off('SIGTERM', passOn).off('SIGINT', stay);
  }
}

function signalNumber(signal) {
  return { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGABRT: 6, SIGKILL: 9, SIGSEGV: 11, SIGTERM: 15 }[signal] ?? 0;
}
