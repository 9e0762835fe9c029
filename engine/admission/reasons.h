// Why a received value was not admitted. The codes are a contract: agencies, dashboards and tests
// read them, so a released code never changes its meaning and is never used again for another one.
// A sentence says what is wrong and what to do; nothing that was received is ever part of it.
#ifndef DOLEN_ENGINE_ADMISSION_REASONS_H_
#define DOLEN_ENGINE_ADMISSION_REASONS_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace dolen {

enum class Reason {
  // the whole value
  kTombstone,
  kEmpty,
  kTooLarge,
  kTooManyHeaders,
  kUnsupportedContentType,
  kUnknownFraming,
  kTruncated,
  kMalformed,
  kWrongWireType,
  kRepeatedField,
  kUnknownField,
  kUnknownContract,
  kMissingOpen,
  kMissingPrivate,
  // texts, ids and codes
  kInvalidUtf8,
  kControlCharacters,
  kInvisibleCharacters,
  kIdTooLong,
  kTextTooLong,
  // the open part
  kMissingEventId,
  kMissingAgency,
  kWrongAgency,
  kMissingOccurred,
  kBadOccurred,
  kOccurredInFuture,
  kOccurredBefore1900,
  kUnknownKind,
  kMissingMilestone,
  kUnexpectedMilestone,
  kMilestoneNotSnakeCase,
  kMilestoneIsKindName,
  kBadMatter,
  kBadPublished,
  kBadWhen,
  kMissingCorrection,
  kUnexpectedCorrection,
  kBadCorrection,
  kTooManyFields,
  kBadField,
  kDuplicateField,
  kBadBirthMonth,
  kBadLanguage,
  // the private part
  kMissingChild,
  kTooManyIdentifiers,
  kBadIdentifier,
  kBadNhsNumber,
  kBadUpn,
  kBadBirthDate,
  // what came back about alerts
  kMissingActionId,
  kBadAlertId,
  kUnknownAction,
  kMissingBy,
  kBadSnooze,
  kBadAssignee,
  kMissingNote,
  kBadReceipt,
  // rows of files, which never became an event (connectors/files says more by its sentence)
  kBadRow,
};

// Every reason, in the order above.
absl::Span<const Reason> AllReasons();
// Both live for ever.
absl::string_view ReasonCode(Reason reason);
absl::string_view ReasonSentence(Reason reason);

// The data said no. The code is one of the above or, for rows of files, one of the connector's own.
struct Rejection {
  std::string code;
  std::string field;     // path, for example "open.fields[2].name"; empty: the whole value
  std::string sentence;  // nothing personal, and nothing that was received
};

Rejection Reject(Reason reason, absl::string_view field = {});

}  // namespace dolen

#endif  // DOLEN_ENGINE_ADMISSION_REASONS_H_
