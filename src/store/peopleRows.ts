export interface NumberRow {
  id: string;
  location_id: string;
  /** Of the number as it was asked for. */
  address_key: string;
  exists_there: 0 | 1;
  /** The number under which the account is known, where it is another one. */
  number_sealed: string | null;
  number_key: string | null;
  lid_key: string | null;
  checked_at: number;
}

/** That a hidden identity and a phone number are one person, as one connection's gateway has said it. */
export interface IdentityRow {
  id: string;
  location_id: string;
  connection_id: string;
  lid_key: string;
  lid_sealed: string;
  address_key: string;
  address_sealed: string;
  learnt_at: number;
  /** When the contact that was made for the hidden identity is next seen to; null: there is none. */
  merge_due_at: number | null;
  /** The contact whose messages are being moved. */
  merge_from: string | null;
  merge_tries: number;
}

/** A chat that is known by something else than a phone number. */
export interface ChatRow {
  id: string;
  location_id: string;
  connection_id: string;
  address_key: string;
  address_sealed: string;
  /** What a group is called; null: not known. */
  name_sealed: string | null;
  updated_at: number;
}
