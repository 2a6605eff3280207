// Commands in the language of a person's client, as Discord shows them. What is sent to the bot keeps its own name.

const translated = (node, key, locale) => node[`${key}_localizations`]?.[locale] ?? node[key];

function one(node, locale) {
  return {
    ...node,
    shown: translated(node, "name", locale),
    description: translated(node, "description", locale),
    options: node.options?.map((option) => one(option, locale)),
    choices: node.choices?.map((choice) => ({ ...choice, name: translated(choice, "name", locale) })),
  };
}

export const localised = (commands, locale) => commands.map((command) => one(command, locale));

/** What a command or option is called on the page. */
export const shownName = (node) => node.shown ?? node.name;

/** Whether it is called so, in the person's language or by its own name. */
export const isCalled = (node, typed) => [shownName(node), node.name].includes(typed.toLowerCase());
