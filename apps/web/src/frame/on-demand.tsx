import type { ComponentType, JSX } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Notice } from "./notice.tsx";

/** A component whose code is fetched when it is shown for the first time. */
export function onDemand<P extends object>(load: () => Promise<ComponentType<P>>): ComponentType<P> {
  let loaded: ComponentType<P> | null = null;
  return function OnDemand(props: P): JSX.Element {
    const [, setCount] = useState(0);
    const [failure, setFailure] = useState(false);
    useEffect(() => {
      if (loaded !== null) return;
      load().then(
        (component) => {
          loaded = component;
          setCount((count) => count + 1);
        },
        () => setFailure(true),
      );
    }, []);
    if (loaded !== null) {
      const Loaded = loaded;
      return <Loaded {...props} />;
    }
    if (failure) return <Notice kind="error">This part could not be fetched. Reload the page.</Notice>;
    return (
      <p class="loading" role="status">
        Loading…
      </p>
    );
  };
}
