// What we use of it, for the type check.

type Callbacks = {
  beforeNodeMorphed?: (old: Node, fresh: Node) => boolean;
  beforeNodeRemoved?: (old: Node) => boolean;
  beforeAttributeUpdated?: (name: string, node: Element) => boolean;
};

export const Idiomorph: {
  morph(old: Node, fresh: Node, config: { ignoreActiveValue?: boolean; callbacks?: Callbacks }): Node[] | undefined;
};
