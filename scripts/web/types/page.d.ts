// What the scripts of a page meet besides the standard library: what they find in the page, the events they hear, htmx.

import type * as contract from "../generated/contract";

declare global {
  /** What a selector finds. The server drew it, and no selector says what it is: all that our elements can be. */
  type Found = { closest(selector: string): Found | null } & HTMLElement &
    Pick<HTMLInputElement, "value" | "defaultValue" | "checked" | "defaultChecked" | "disabled" | "type" | "files"> &
    Pick<HTMLInputElement, "name" | "setSelectionRange" | "select"> &
    Pick<HTMLSelectElement, "options" | "selectedIndex" | "selectedOptions"> &
    Pick<HTMLFormElement, "checkValidity" | "reportValidity" | "submit" | "reset"> &
    Pick<HTMLDialogElement, "open" | "show" | "showModal" | "close"> &
    Pick<HTMLAnchorElement, "href" | "hash"> &
    Pick<HTMLTemplateElement, "content"> &
    Pick<HTMLTimeElement, "dateTime"> & {
      readonly form: Found | null;
      readonly elements: Record<string, Found> & Iterable<Found>;
      /** Of a trait's element. */
      readonly label: string;
    };

  /** Any event of a page, of a Changes, a Character or a Gateway. */
  type Happening = Omit<PointerEvent & KeyboardEvent & SubmitEvent & PageTransitionEvent & DragEvent & ClipboardEvent, "target" | "currentTarget" | "detail" | "submitter"> & {
    readonly target: Found;
    readonly currentTarget: Found;
    readonly submitter: Found;
    readonly matches: boolean;
    // The event's name says which of many shapes it is.
    readonly detail: any;
  };
  type Hears = (kind: string, act: (event: Happening) => unknown, options?: boolean | AddEventListenerOptions) => void;

  interface EventTarget {
    addEventListener(kind: string, act: (event: Happening) => unknown, options?: boolean | AddEventListenerOptions): void;
    removeEventListener(kind: string, act: (event: Happening) => unknown, options?: boolean | EventListenerOptions): void;
  }
  interface Document {
    addEventListener(kind: string, act: (event: Happening) => unknown, options?: boolean | AddEventListenerOptions): void;
    removeEventListener(kind: string, act: (event: Happening) => unknown, options?: boolean | EventListenerOptions): void;
  }
  interface HTMLElement {
    addEventListener(kind: string, act: (event: Happening) => unknown, options?: boolean | AddEventListenerOptions): void;
  }
  interface MediaQueryList {
    addEventListener(kind: string, act: (event: Happening) => unknown, options?: boolean | AddEventListenerOptions): void;
  }
  function addEventListener(kind: string, act: (event: Happening) => unknown, options?: boolean | AddEventListenerOptions): void;

  /** Our elements are HTML but for the drawing of an icon. */
  interface Element {
    readonly dataset: DOMStringMap;
  }

  interface Window {
    htmx: {
      ajax(method: string, address: string, how: { target: Element | string; swap: string }): Promise<void>;
      process(place: Element): void;
      trigger(place: Element | string, kind: string): void;
    };
  }

  /** What a page hands over in `#live`. */
  type Live = {
    user: string;
    splats: Splat[];
    people: Record<string, string>;
    levels: [string, string][];
    streams?: Record<string, number | null>;
  };
  type Splat = { slug: string; traits: Trait[]; groups?: { slug: string; label: string }[] };

  /** The declaration of a trait: `haven`'s schema of it. */
  type Trait = {
    slug: string;
    label: string;
    kind: string;
    element: string;
    group: string;
    tracker: boolean;
    writer: "owner" | "player" | "storyteller" | "system";
    visibility: string;
    fields: Field[];
    entry: Shape;
  };
  type Field = {
    path: string;
    name: string;
    label: string;
    type: "integer" | "boolean" | "choice" | "text";
    required?: boolean;
    min: number;
    max: number;
    start?: number | string | boolean | null;
    choices: string[];
    choice_labels: string[];
    free_text?: boolean;
    max_length: number;
    multiline?: boolean;
    update_name?: string | null;
    /** A path of the sheet whose value this one does not exceed. */
    roof?: string;
    highest?: { by: string; of: Record<string, number>; otherwise: number };
  };
  /** Of the entries of a list. */
  type Shape = { title: string; rating: string; fields: Field[]; entries: Record<string, Shape> };

  type Fields = Record<string, any>;
  /** What a dialog asks for: a field of the schema, or one made for the question. */
  type AskedField = Pick<Field, "label"> & Partial<Field>;

  /** `detail` of htmx's events. */
  type Htmx = {
    target: Found;
    requestConfig: { elt: Found; verb: string; parameters: Record<string, string> };
    xhr: XMLHttpRequest;
    serverResponse: string;
    shouldSwap: boolean;
    successful: boolean;
  };

  type Gateway = import("../../../backend/main/static/main/js/gateway.js").Gateway;
  type Character = import("../../../backend/main/static/main/js/character.js").Character;
  type Changes = import("../../../backend/main/static/main/js/changes.js").Changes;
  type Change = import("../../../backend/main/static/main/js/changes.js").Change;
  type TraitElement = import("../../../backend/main/static/main/js/elements/base.js").TraitElement;
  type Toast = typeof import("../../../backend/main/static/main/js/toasts.js").toast;
  type Person = contract.Person;
  type Actor = contract.Actor;
  type Rights = contract.CharacterRights;
  type FullCharacter = contract.FullCharacter;
  type HistoryEvent = contract.Event;
  type Notice = contract.Contract_Notices__Notice | string;
  type Conflicting = contract.ChangedMeanwhile;
  type Refusal = contract.Refusal;
  type SheetAnswer = contract.SheetChanged;
  type ChatMessage = contract.Message;
  type MessagePage = contract.Messages;
  type Quote = contract.Quote;
  type ReactionCount = contract.ReactionCount;
  type ChatFile = contract.File;
  type OpenRoom = contract.OpenedRoom;
  type RoomPerson = contract.RoomPerson;
  type RoomRow = contract.RoomRow;
  type Rooms = contract.Rooms;
  type SearchResults = contract.SearchResults;
  type Scene = contract.Scene;
  type ScenePart = contract.Part;
  /** A row of the list of messages. */
  type Row = {
    key: string;
    shape: string;
    kind: "loads" | "begin" | "message" | "pending";
    message?: ChatMessage;
    pending?: Pending;
    head?: boolean;
    startsDay?: boolean;
    isFresh?: boolean;
    length?: number;
  };
  /** What is not at the server yet. */
  type Pending = {
    nonce: string;
    room: string;
    text: string;
    reply: Quote | null;
    attachments: string[];
    at: string;
    state: "waiting" | "failed";
    detail: string;
    more?: Record<string, unknown>;
  };
  type ServerFrame = contract.ServerFrame;
  type ClientFrame = contract.ClientFrame;
}
