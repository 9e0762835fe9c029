// Every phrase that alerts are told in, in Welsh and English, and how times are written.
//
// The Welsh is a draft, to be reviewed by a fluent speaker with knowledge of safeguarding; mails
// say so. It is written as "label: value" and in dictionary forms, so that nothing must agree with
// a number or mutate after a word that is put in.
#ifndef DOLEN_CONNECTORS_ALERTING_WORDS_H_
#define DOLEN_CONNECTORS_ALERTING_WORDS_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "dolen/alert/v1/alert.pb.h"
#include "dolen/routing/v1/routing.pb.h"
#include "engine/pathway/phrases.h"

namespace dolen {

enum class Word {
  // What a change of an alert says, in short.
  kDueSoon,
  kOverdue,
  kEscalated,
  kHandover,
  kGap,
  kOverlap,
  kSilence,
  kMissingStep,
  kAmended,
  kAcknowledged,
  kSnoozed,
  kResolved,
  kAssigned,
  kCleared,
  kClearedLate,
  kClearedInTime,
  kPassed,
  kWithdrawn,
  // The same in a sentence, where the short word does not say enough.
  kResolvedNote,
  kAssignedNote,
  kClearedLateNote,
  kClearedInTimeNote,
  kPassedNote,
  kWithdrawnNote,
  kWithdrawnStepNote,
  // What a notice is.
  kDigest,
  kSummary,
  kTest,
  kTestNote,
  kEmergency,
  kEmergencyNote,
  kHeartbeat,
  kHeartbeatNote,
  // Labels.
  kStatus,
  kChild,
  kSilentAgency,
  kDue,
  kSince,
  kEndedAt,
  kAccountable,
  kFor,
  kAssignedTo,
  kAnswer,
  kUntil,
  kWeight,
  kSource,
  kParagraph,
  kRule,
  kBook,
  kLink,
  kAlert,
  kAlerts,
  kLeftOut,
  // Values.
  kStatute,
  kGuidance,
  kLocal,
  kAdvisory,
  kWelshIsDraft,
  kCount,  // not a phrase
};

// Both languages of a phrase.
const Phrase& PhraseOf(Word word);
absl::string_view In(Language language, Word word);
// "label: value".
std::string Labelled(Word label, absl::string_view value, Language language);

// In the order in which a team reads them.
std::vector<Language> LanguagesOf(routing::v1::Team::Language language);
// "cy" or "en".
absl::string_view LanguageTag(Language language);

// "Dydd Iau 26 Tachwedd 2026, 14:05" / "Thursday 26 November 2026, 14:05", by the local clock.
std::string TimeWords(absl::Time time, absl::TimeZone zone, Language language);

// What the last change of an alert says, in short: "Overdue", "Acknowledged".
Word StatusWord(const alert::v1::Alert& alert);
// The same in a sentence.
Word StatusNote(const alert::v1::Alert& alert);
// How binding: the book's word, or as it stands there where it is none of ours.
std::string WeightWords(absl::string_view weight, Language language);
// What the alert is called; its rule's id where the book has no title.
std::string TitleOf(const alert::v1::Alert& alert, Language language);

}  // namespace dolen

#endif  // DOLEN_CONNECTORS_ALERTING_WORDS_H_
