#include "connectors/alerting/words.h"

#include <iterator>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"
#include "connectors/alerting/facts.h"

namespace dolen {
namespace {

struct Row {
  Word word;
  Phrase phrase;
};

// cy: all to be reviewed.
constexpr Row kRows[] = {
    {Word::kDueSoon, {"I'w wneud yn fuan", "Due soon"}},
    {Word::kOverdue, {"Yn hwyr", "Overdue"}},
    {Word::kEscalated, {"Yn hwyr; wedi'i uwchgyfeirio", "Overdue; escalated"}},
    {Word::kHandover, {"Trosglwyddo cyfrifoldeb: heb ei dderbyn", "Handover: not accepted"}},
    {Word::kGap,
     {"Nid oes neb yn gyfrifol am y plentyn hwn ar hyn o bryd", "Nobody holds this child now"}},
    {Word::kOverlap,
     {"Yn gyfrifol am y plentyn hwn: 2 asiantaeth", "Two agencies hold this child"}},
    {Word::kSilence, {"Dim gwybodaeth gan yr asiantaeth hon", "No word from this agency"}},
    {Word::kMissingStep, {"Cam ar goll", "A step is missing"}},
    {Word::kAmended, {"Terfyn amser newydd", "New due time"}},
    {Word::kAcknowledged, {"Wedi'i gydnabod", "Acknowledged"}},
    {Word::kSnoozed, {"Atgoffa eto nes ymlaen", "Snoozed"}},
    {Word::kResolved, {"Wedi'i ddatrys, medd person", "Settled, a person says"}},
    {Word::kAssigned, {"Wedi'i neilltuo", "Assigned"}},
    {Word::kCleared, {"Wedi dod i ben", "Ended"}},
    {Word::kClearedLate, {"Wedi dod i ben, yn hwyr", "Ended, late"}},
    {Word::kClearedInTime, {"Wedi dod i ben, mewn pryd", "Ended, in time"}},
    {Word::kPassed, {"Terfyn amser: wedi mynd heibio", "Due time passed"}},
    {Word::kWithdrawn, {"Wedi'i dynnu'n ôl", "Withdrawn"}},

    {Word::kResolvedNote,
     {"Wedi'i ddatrys, medd person; tystiolaeth: heb ddod i law",
      "Settled, a person says; the evidence has not come yet"}},
    {Word::kAssignedNote,
     {"Wedi'i neilltuo; heb ei gydnabod yno", "Assigned; nobody there has acknowledged it yet"}},
    {Word::kClearedLateNote,
     {"Wedi'i wneud, yn hwyr (neu nid oes ei angen mwyach)",
      "It has been done, late (or is no longer owed)"}},
    {Word::kClearedInTimeNote,
     {"Wedi'i wneud mewn pryd (neu nid oes ei angen mwyach)",
      "It has been done in time (or is no longer owed)"}},
    {Word::kPassedNote,
     {"Nid \"yn fuan\" mwyach: mae'r terfyn amser wedi mynd heibio",
      "No longer \"due soon\": the due time has passed"}},
    {Word::kWithdrawnNote,
     {"Yn ôl y wybodaeth sydd nawr, nid oedd felly erioed",
      "By what is known now it never was so"}},
    {Word::kWithdrawnStepNote,
     {"Wedi'i wneud mewn pryd; adroddiad: yn hwyr (neu'r cofnod: wedi'i gywiro)",
      "It had been done on time and the report came late (or the record was corrected)"}},

    {Word::kDigest, {"Crynodeb o rybuddion", "Digest of alerts"}},
    {Word::kSummary,
     {"Mwy o rybuddion nag y gellir eu hanfon fesul un",
      "More alerts than can be sent one by one"}},
    {Word::kTest, {"Prawf", "Test"}},
    {Word::kTestNote,
     {"Neges brawf gan weithredwr; nid yw am unrhyw blentyn",
      "A test message by an operator; it is about no child"}},
    {Word::kEmergency,
     {"Argyfwng: agorwyd cofnod plentyn", "Emergency: a child's record was opened"}},
    {Word::kEmergencyNote, {"Cofnod darllen, rhif: ", "In the record of reads, number: "}},
    {Word::kHeartbeat, {"Curiad", "Heartbeat"}},
    {Word::kHeartbeatNote, {"Mae Dolen yn gweithio", "Dolen is working"}},

    {Word::kStatus, {"Statws", "Status"}},
    {Word::kChild, {"Plentyn", "Child"}},
    {Word::kSilentAgency, {"Asiantaeth", "Agency"}},
    {Word::kDue, {"Yn hwyr o", "Late from"}},
    {Word::kSince, {"Ers", "Since"}},
    {Word::kEndedAt, {"Daeth i ben", "Ended at"}},
    {Word::kAccountable, {"Pwy sy'n gyfrifol", "Who must act"}},
    {Word::kFor, {"I sylw", "For"}},
    {Word::kAssignedTo, {"Wedi'i neilltuo i", "Assigned to"}},
    {Word::kAnswer, {"Ateb", "Answer"}},
    {Word::kUntil, {"tan", "until"}},
    {Word::kWeight, {"Pwysau", "Weight"}},
    {Word::kSource, {"Ffynhonnell", "Source"}},
    {Word::kParagraph, {"paragraff", "paragraph"}},
    {Word::kRule, {"Rheol", "Rule"}},
    {Word::kBook, {"fersiwn y llyfr", "book version"}},
    {Word::kLink, {"Gweld ac ateb", "See and answer"}},
    {Word::kAlert, {"Rhybudd", "Alert"}},
    {Word::kAlerts, {"Nifer y rhybuddion", "Alerts"}},
    {Word::kLeftOut, {"Nifer y rhybuddion eraill, heb eu rhestru", "Further alerts, not listed"}},

    {Word::kStatute, {"Deddf / Rheoliadau", "an Act or Regulations"}},
    {Word::kGuidance,
     {"canllawiau / gweithdrefnau cenedlaethol", "guidance or a national procedure"}},
    {Word::kLocal, {"llyfr lleol", "a local book"}},
    {Word::kAdvisory, {"cynghorol", "advisory"}},
    {Word::kWelshIsDraft,
     {"Drafft yw'r Gymraeg, i'w adolygu", "The Welsh is a draft, to be reviewed"}},
};

constexpr bool IsInOrder() {
  for (size_t i = 0; i < std::size(kRows); ++i) {
    if (kRows[i].word != static_cast<Word>(i)) return false;
  }
  return std::size(kRows) == static_cast<size_t>(Word::kCount);
}
static_assert(IsInOrder());

constexpr Phrase kDays[] = {{"Dydd Llun", "Monday"},       {"Dydd Mawrth", "Tuesday"},
                            {"Dydd Mercher", "Wednesday"}, {"Dydd Iau", "Thursday"},
                            {"Dydd Gwener", "Friday"},     {"Dydd Sadwrn", "Saturday"},
                            {"Dydd Sul", "Sunday"}};
constexpr Phrase kMonths[] = {
    {"Ionawr", "January"},  {"Chwefror", "February"}, {"Mawrth", "March"},
    {"Ebrill", "April"},    {"Mai", "May"},           {"Mehefin", "June"},
    {"Gorffennaf", "July"}, {"Awst", "August"},       {"Medi", "September"},
    {"Hydref", "October"},  {"Tachwedd", "November"}, {"Rhagfyr", "December"}};

bool IsStep(const alert::v1::Alert& alert) {
  return alert.about() == alert::v1::ABOUT_DEADLINE ||
         alert.about() == alert::v1::ABOUT_UNSPECIFIED;
}

// A level before due stops being true when the step is done or cancelled, and when it falls due:
// then "done" would be a dangerous guess.
Word ClearedWord(const alert::v1::Alert& alert) {
  if (!IsStep(alert)) return Word::kCleared;
  if (!IsBeforeDue(alert)) return Word::kClearedLate;
  return AtOf(alert) < DueOf(alert) ? Word::kClearedInTime : Word::kPassed;
}

Word RaisedWord(const alert::v1::Alert& alert) {
  switch (alert.about()) {
    case alert::v1::ABOUT_HANDOVER:
      return Word::kHandover;
    case alert::v1::ABOUT_GAP:
      return Word::kGap;
    case alert::v1::ABOUT_OVERLAP:
      return Word::kOverlap;
    case alert::v1::ABOUT_SILENCE:
      return Word::kSilence;
    case alert::v1::ABOUT_MISSING_STEP:
      return Word::kMissingStep;
    default:
      return IsBeforeDue(alert) ? Word::kDueSoon : Word::kOverdue;
  }
}

}  // namespace

const Phrase& PhraseOf(Word word) { return kRows[static_cast<int>(word)].phrase; }

absl::string_view In(Language language, Word word) { return PhraseOf(word).In(language); }

std::string Labelled(Word label, absl::string_view value, Language language) {
  return Labelled(PhraseOf(label), value, language);
}

std::vector<Language> LanguagesOf(routing::v1::Team::Language language) {
  switch (language) {
    case routing::v1::Team::CY:
      return {Language::kWelsh};
    case routing::v1::Team::EN:
      return {Language::kEnglish};
    default:
      return {Language::kWelsh, Language::kEnglish};
  }
}

absl::string_view LanguageTag(Language language) {
  return language == Language::kWelsh ? "cy" : "en";
}

std::string TimeWords(absl::Time time, absl::TimeZone zone, Language language) {
  const absl::CivilSecond local = absl::ToCivilSecond(time, zone);
  const auto weekday = static_cast<int>(absl::GetWeekday(absl::CivilDay(local)));  // Monday is 0
  return absl::StrCat(kDays[weekday].In(language), " ", local.day(), " ",
                      kMonths[local.month() - 1].In(language), " ", local.year(), ", ",
                      absl::StrFormat("%02d:%02d", local.hour(), local.minute()));
}

Word StatusWord(const alert::v1::Alert& alert) {
  switch (alert.state()) {
    case alert::v1::STATE_AMENDED:
      return Word::kAmended;
    case alert::v1::STATE_ACKNOWLEDGED:
      return Word::kAcknowledged;
    case alert::v1::STATE_ESCALATED:
      return IsStep(alert) ? Word::kEscalated : RaisedWord(alert);
    case alert::v1::STATE_CLEARED:
      return ClearedWord(alert);
    case alert::v1::STATE_WITHDRAWN:
      return Word::kWithdrawn;
    case alert::v1::STATE_SNOOZED:
      return Word::kSnoozed;
    case alert::v1::STATE_ASSIGNED:
      return Word::kAssigned;
    case alert::v1::STATE_RESOLVED:
      return Word::kResolved;
    default:
      return RaisedWord(alert);
  }
}

Word StatusNote(const alert::v1::Alert& alert) {
  const Word word = StatusWord(alert);
  switch (word) {
    case Word::kResolved:
      return Word::kResolvedNote;
    case Word::kAssigned:
      return Word::kAssignedNote;
    case Word::kClearedLate:
      return Word::kClearedLateNote;
    case Word::kClearedInTime:
      return Word::kClearedInTimeNote;
    case Word::kPassed:
      return Word::kPassedNote;
    case Word::kWithdrawn:
      return IsStep(alert) ? Word::kWithdrawnStepNote : Word::kWithdrawnNote;
    default:
      return word;
  }
}

std::string WeightWords(absl::string_view weight, Language language) {
  if (weight == "statute") return std::string(In(language, Word::kStatute));
  if (weight == "guidance") return std::string(In(language, Word::kGuidance));
  if (weight == "local") return std::string(In(language, Word::kLocal));
  if (weight == "advisory") return std::string(In(language, Word::kAdvisory));
  return std::string(weight);
}

std::string TitleOf(const alert::v1::Alert& alert, Language language) {
  const std::string& title = language == Language::kWelsh ? alert.title_cy() : alert.title_en();
  if (!title.empty()) return title;
  const std::string& other = language == Language::kWelsh ? alert.title_en() : alert.title_cy();
  return other.empty() ? alert.rule() : other;
}

}  // namespace dolen
