import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";

/** Starts a file of this folder in a process of its own; `tell(call, ...args)` asks it for something. */
export async function startTold(file, ...parameters) {
  const child = fork(fileURLToPath(new URL(file, import.meta.url)), parameters, {
    execArgv: ["--expose-gc"],
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  const answer = () =>
    new Promise((resolve, reject) => {
      const onExit = (code) => reject(new Error(`${file} has ended with ${code}.`));
      child.once("exit", onExit);
      child.once("message", ({ result, error }) => {
        child.off("exit", onExit);
        if (error === undefined) resolve(result);
        else reject(new Error(error));
      });
    });
  const begun = await answer();
  return {
    ...begun,
    tell(call, ...args) {
      const answered = answer();
      child.send({ call, args });
      return answered;
    },
    async stop() {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.disconnect();
      await gone;
    },
  };
}
