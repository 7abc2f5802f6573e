import { Component, type ComponentType, createElement, type JSX } from "preact";

/** A component that is drawn again only when one of its props is another object. */
export function memo<P extends object>(Inner: ComponentType<P>): ComponentType<P> {
  return class Memo extends Component<P> {
    override shouldComponentUpdate(next: Readonly<P>): boolean {
      const before = this.props as Readonly<Record<string, unknown>>;
      return Object.entries(next).some(([name, value]) => before[name] !== value);
    }

    override render(): JSX.Element {
      const { children, ...props } = this.props;
      return createElement(Inner as ComponentType, props);
    }
  };
}
