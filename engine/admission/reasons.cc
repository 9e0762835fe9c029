#include "engine/admission/reasons.h"

#include <array>

namespace dolen {
namespace {

struct ReasonText {
  Reason reason;
  absl::string_view code;
  absl::string_view sentence;
};

// In the order of the enum.
constexpr ReasonText kTexts[] = {
    {Reason::kTombstone, "tombstone",
     "The record has no value. Events are never deleted: send a correction that voids the event."},
    {Reason::kEmpty, "empty", "The value has no bytes. Send one dolen.event.v1.Event."},
    {Reason::kTooLarge, "too_large",
     "The value is larger than 256 KiB. Documents belong in another system; send a reference."},
    {Reason::kTooManyHeaders, "too_many_headers", "The record has more than 64 headers."},
    {Reason::kUnsupportedContentType, "unsupported_content_type",
     "The content type is not a plain protobuf event. Use CloudEvents in binary mode, not in "
     "structured mode."},
    {Reason::kUnknownFraming, "unknown_framing",
     "The first bytes are neither an event nor the Confluent wire format with the first message of "
     "the schema."},
    {Reason::kTruncated, "truncated",
     "The bytes end in the middle of a field. Send the whole value again."},
    {Reason::kMalformed, "malformed",
     "The bytes are not protobuf: a tag, a length or a number cannot be read."},
    {Reason::kWrongWireType, "wrong_wire_type",
     "A field has the wire type of another kind of value. Use the published dolen.event.v1."},
    {Reason::kRepeatedField, "repeated_field",
     "A field that may stand once stands twice, so that readers could disagree about its value."},
    {Reason::kUnknownField, "unknown_field",
     "Beside contract, open and private stands something else: trailing bytes, or a newer "
     "contract."},
    {Reason::kUnknownContract, "unknown_contract",
     "The contract is not version 1. Kept until this installation knows the version; then retry."},
    {Reason::kMissingOpen, "missing_open", "The open part is missing."},
    {Reason::kMissingPrivate, "missing_private",
     "The private part, which says which child it is, is missing."},
    {Reason::kInvalidUtf8, "invalid_utf8", "A text is not valid UTF-8."},
    {Reason::kControlCharacters, "control_characters",
     "A text has control characters. Ids and codes may have none; prose may have line ends and "
     "tabs."},
    {Reason::kInvisibleCharacters, "invisible_characters",
     "An id or code has invisible characters or marks of writing direction, so that two that look "
     "alike would differ."},
    {Reason::kIdTooLong, "id_too_long",
     "An id, code or name is longer than its limit: 128 bytes, 64 for codes of further fields and "
     "for identifiers."},
    {Reason::kTextTooLong, "text_too_long",
     "A private text is longer than its limit: 16 KiB for the text, 1 KiB for names and "
     "addresses."},
    {Reason::kMissingEventId, "missing_event_id",
     "The event has no id, so that a repetition could not be told from news."},
    {Reason::kMissingAgency, "missing_agency", "The event does not say which agency speaks."},
    {Reason::kWrongAgency, "wrong_agency",
     "The event speaks for another agency than the owner of the intake topic."},
    {Reason::kMissingOccurred, "missing_occurred", "The event does not say when it occurred."},
    {Reason::kBadOccurred, "bad_occurred",
     "The time of occurrence is neither a valid instant nor a day that exists (YYYY-MM-DD)."},
    {Reason::kOccurredInFuture, "occurred_in_future",
     "It occurred more than 24 hours after now. Plans and agreed dates are fields, never "
     "occurred."},
    {Reason::kOccurredBefore1900, "occurred_before_1900",
     "It occurred before 1900. Most likely a default date of the sending system."},
    {Reason::kUnknownKind, "unknown_kind",
     "The kind is not said, or is not one that this version knows. Mend it, or retry after an "
     "upgrade."},
    {Reason::kMissingMilestone, "missing_milestone",
     "A milestone was reached, but it is not said which."},
    {Reason::kUnexpectedMilestone, "unexpected_milestone",
     "A milestone stands beside a kind that is not milestone reached."},
    {Reason::kMilestoneNotSnakeCase, "milestone_not_snake_case",
     "The milestone is not in lower_snake_case."},
    {Reason::kMilestoneIsKindName, "milestone_is_kind_name",
     "The milestone has the name of a kind. Use the kind itself."},
    {Reason::kBadMatter, "bad_matter",
     "A matter needs both the agency that opened it and that agency's id, and cannot continue "
     "itself."},
    {Reason::kBadPublished, "bad_published", "The time of publishing is not a valid instant."},
    {Reason::kBadWhen, "bad_when",
     "A time is neither a valid instant nor a day that exists (YYYY-MM-DD), or lies before 1900."},
    {Reason::kMissingCorrection, "missing_correction",
     "A correction does not say which event it corrects."},
    {Reason::kUnexpectedCorrection, "unexpected_correction",
     "An event that is not a correction names an event to correct."},
    {Reason::kBadCorrection, "bad_correction",
     "A correction needs agency and id of another event, and either voids it or says what stands "
     "in its place."},
    {Reason::kTooManyFields, "too_many_fields", "There are more than 32 further fields."},
    {Reason::kBadField, "bad_field",
     "A further field has no name in lower_snake_case, no value, or an empty code."},
    {Reason::kDuplicateField, "duplicate_field", "Two further fields have the same name."},
    {Reason::kBadBirthMonth, "bad_birth_month",
     "The month of birth is not a month as YYYY-MM from 1900 on."},
    {Reason::kBadLanguage, "bad_language", "The language is not a BCP 47 tag, for example cy."},
    {Reason::kMissingChild, "missing_child", "No identifier says which child it is."},
    {Reason::kTooManyIdentifiers, "too_many_identifiers", "There are more than 8 identifiers."},
    {Reason::kBadIdentifier, "bad_identifier",
     "An identifier has no issuer, no value, a space, or an issuer such as nhs not written in "
     "lower case."},
    {Reason::kBadNhsNumber, "bad_nhs_number",
     "An NHS number is not ten digits with the right check digit."},
    {Reason::kBadUpn, "bad_upn",
     "A unique pupil number has the wrong form or the wrong check letter."},
    {Reason::kBadBirthDate, "bad_birth_date",
     "The date of birth is not a day that exists (YYYY-MM-DD) from 1900 on."},
    {Reason::kMissingActionId, "missing_action_id",
     "The action has no id, so that a repetition could not be told from another action."},
    {Reason::kBadAlertId, "bad_alert_id",
     "The alert is not named as the alerts topic names it: alert_id and child, 32 hex digits "
     "each."},
    {Reason::kUnknownAction, "unknown_action",
     "The kind of action is not said, or this version does not know it."},
    {Reason::kMissingBy, "missing_by", "The action does not say who did it."},
    {Reason::kBadSnooze, "bad_snooze",
     "A snooze says until when: later than now, and at most seven days ahead."},
    {Reason::kBadAssignee, "bad_assignee",
     "An assignment names an agency, or an agency and its team: AGENCY or AGENCY/TEAM."},
    {Reason::kMissingNote, "missing_note",
     "Whoever snoozes an alert, holds it to be settled or leaves a note says why, in a note."},
    {Reason::kBadReceipt, "bad_receipt",
     "A receipt names the change, the destination and what became of it."},
    {Reason::kBadRow, "bad_row", "A row of a file could not be turned into an event."},
};
constexpr size_t kCount = std::size(kTexts);

constexpr std::array<Reason, kCount> MakeAll() {
  std::array<Reason, kCount> all{};
  for (size_t i = 0; i < kCount; ++i) all[i] = static_cast<Reason>(i);
  return all;
}
constexpr std::array<Reason, kCount> kAll = MakeAll();

constexpr bool IsInOrder() {
  for (size_t i = 0; i < kCount; ++i) {
    if (kTexts[i].reason != kAll[i]) return false;
  }
  return kAll.back() == Reason::kBadRow;
}
static_assert(IsInOrder(), "a reason is missing or out of place");

}  // namespace

absl::Span<const Reason> AllReasons() { return kAll; }

absl::string_view ReasonCode(Reason reason) { return kTexts[static_cast<size_t>(reason)].code; }

absl::string_view ReasonSentence(Reason reason) {
  return kTexts[static_cast<size_t>(reason)].sentence;
}

Rejection Reject(Reason reason, absl::string_view field) {
  return {std::string(ReasonCode(reason)), std::string(field), std::string(ReasonSentence(reason))};
}

}  // namespace dolen
