// The fixed words in which books are explained, in Welsh and English. Pure.
//
// The Welsh is a draft for a fluent reviewer with knowledge of safeguarding. It is written as
// "label: value" and in dictionary forms, so that nothing must agree with a number or mutate after
// a word that is put in.
#ifndef DOLEN_ENGINE_PATHWAY_PHRASES_H_
#define DOLEN_ENGINE_PATHWAY_PHRASES_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "dolen/event/v1/event.pb.h"

namespace dolen {

enum class Language { kWelsh, kEnglish };

struct Phrase {
  absl::string_view cy, en;
  absl::string_view In(Language language) const { return language == Language::kWelsh ? cy : en; }
};

// "label: value".
std::string Labelled(const Phrase& label, absl::string_view value, Language language);

// What an event of this kind is called: "referral made". Empty for KIND_UNSPECIFIED.
Phrase KindPhrase(event::v1::Kind kind);
// "Thursday 2026-04-02"; "Iau 2026-04-02".
std::string DayWords(absl::CivilDay day, Language language);

namespace phrase {

inline constexpr Phrase kWelshIsDraft = {
    "Drafft Cymraeg, i'w adolygu (draft Welsh, to be reviewed by a fluent speaker with knowledge "
    "of safeguarding)",
    ""};

// Labels of a page.
inline constexpr Phrase kTitle = {"Teitl", "Title"};
inline constexpr Phrase kAccountable = {"Pwy sy'n gyfrifol", "Who must act"};
inline constexpr Phrase kClocks = {"Clociau", "Clocks"};
inline constexpr Phrase kStarts = {"Dechrau", "Starts"};
inline constexpr Phrase kStops = {"Cwblhau", "Stops"};
inline constexpr Phrase kCancels = {"Canslo", "Cancelled by"};
inline constexpr Phrase kPauses = {"Saib", "Paused"};
inline constexpr Phrase kLimits = {"Terfyn amser", "How long"};
inline constexpr Phrase kTargets = {"Targed", "Target"};
inline constexpr Phrase kException = {"Eithriad gan", "Exception by"};
inline constexpr Phrase kLevels = {"Rhybudd", "Who is told"};
inline constexpr Phrase kScope = {"Lle", "Where"};
inline constexpr Phrase kValid = {"Dilys", "In force"};
inline constexpr Phrase kWeight = {"Pwysau", "Weight"};
inline constexpr Phrase kSource = {"Ffynhonnell", "Source"};
inline constexpr Phrase kWorked = {"Enghraifft", "Worked example"};
inline constexpr Phrase kBook = {"Llyfr", "Book"};
inline constexpr Phrase kOwner = {"Perchennog", "Owner"};
inline constexpr Phrase kZone = {"Cylchfa amser", "Time zone"};
inline constexpr Phrase kAgencies = {"Asiantaethau", "Agencies"};
inline constexpr Phrase kCalendars = {"Calendrau", "Calendars"};
inline constexpr Phrase kPassing = {"Trosglwyddo", "Passing"};
inline constexpr Phrase kWords = {"Geiriau", "Words"};
inline constexpr Phrase kRules = {"Rheolau", "Rules"};

// Common values.
inline constexpr Phrase kNone = {"dim", "none"};
inline constexpr Phrase kNobody = {"neb", "nobody"};
inline constexpr Phrase kMissing = {"ar goll", "missing"};
inline constexpr Phrase kAlways = {"bob amser", "always"};
inline constexpr Phrase kEverywhere = {"pob man", "everywhere"};
inline constexpr Phrase kAllOf = {"pob un o'r rhain", "all of these"};
inline constexpr Phrase kLatestOfThem = {"yn cyfrif: yr olaf ohonynt", "the latest of them counts"};
inline constexpr Phrase kNever = {"dim", "by nothing: the duty stands or lapses by itself"};

// Patterns.
inline constexpr Phrase kOr = {"neu", "or"};
inline constexpr Phrase kOrBetween = {" / ", " or "};  // "neu" would mutate what follows
inline constexpr Phrase kBy = {"gan", "by"};
inline constexpr Phrase kField = {"maes", "field"};
inline constexpr Phrase kBelow = {"llai na", "below"};
inline constexpr Phrase kGiven = {"eisoes", "if there was before"};
inline constexpr Phrase kUnless = {"heb fod eisoes", "unless there was before"};
inline constexpr Phrase kAgo = {"o leiaf cyn hynny", "at least so long before"};
inline constexpr Phrase kOverdueMoment = {"yn hwyr", "the moment at which this rule falls due"};
inline constexpr Phrase kUnheld = {"nid oes neb yn gyfrifol am y plentyn hwn",
                                   "the moment at which nobody holds the child"};
inline constexpr Phrase kHeld = {"yn gyfrifol am y plentyn hwn: 1 asiantaeth",
                                 "the moment at which one agency holds the child"};
inline constexpr Phrase kHeldByTwo = {"yn gyfrifol am y plentyn hwn: 2 asiantaeth",
                                      "the moment at which two agencies hold the child"};
inline constexpr Phrase kMilestone = {"cam", "milestone"};

// Parties.
inline constexpr Phrase kAgency = {"asiantaeth", "agency"};
inline constexpr Phrase kAgencyKind = {"asiantaeth (math)", "agency of kind"};
inline constexpr Phrase kRole = {"rôl", "the agency in the role"};
inline constexpr Phrase kStarter = {"yr asiantaeth sy'n dechrau'r cloc",
                                    "the agency that starts the clock"};
inline constexpr Phrase kAsked = {"yr asiantaeth sy'n cael y cais", "the agency that is asked"};
inline constexpr Phrase kAsker = {"yr asiantaeth sy'n gofyn", "the agency that asks"};
inline constexpr Phrase kHolder = {"yr asiantaeth sy'n gyfrifol am y plentyn",
                                   "the agency that holds the child"};

// Clocks.
inline constexpr Phrase kMatter = {"mater", "matter"};
inline constexpr Phrase kChild = {"plentyn", "child"};
inline constexpr Phrase kThread = {"cadwyn", "thread of matters"};
inline constexpr Phrase kOnce = {"1 yn unig", "one for ever; later starts are ignored"};
inline constexpr Phrase kAgain = {"1 ar y tro",
                                  "one at a time; a start after its close opens the next"};
inline constexpr Phrase kEach = {"1 i bob dechrau", "one for each start event"};
inline constexpr Phrase kFor = {"uned", "for each"};
inline constexpr Phrase kFirst = {"yn cyfrif: y cyntaf",
                                  "the first that occurred counts, however late it is reported"};
inline constexpr Phrase kLast = {"yn cyfrif: yr olaf",
                                 "the last that occurred before the close counts"};
inline constexpr Phrase kDoneBefore = {"cwblhau cyn y dechrau: yn cyfrif",
                                       "done before the start counts"};
inline constexpr Phrase kNotDoneBefore = {"cwblhau cyn y dechrau: ddim yn cyfrif",
                                          "done before the start does not count"};

// Pauses.
inline constexpr Phrase kPauseBegins = {"dechrau", "begins"};
inline constexpr Phrase kPauseEnds = {"diwedd", "ends"};
inline constexpr Phrase kPauseCauses = {"rheswm", "only for the reasons"};
inline constexpr Phrase kPauseOwner = {"amser pwy", "the time is that of"};
inline constexpr Phrase kPauseCap = {"uchafswm", "at most, in all"};
inline constexpr Phrase kPauseNoCap = {"uchafswm: dim",
                                       "without a most: while open there is no due time"};

// Limits.
inline constexpr Phrase kStanding = {
    "dyletswydd heb derfyn amser: byth yn hwyr",
    "no limit: a standing duty; elapsed time is shown, never late"};
inline constexpr Phrase kEarliest = {"yn cyfrif: y cynharaf", "the earliest of these binds"};
inline constexpr Phrase kLatest = {"yn cyfrif: y diweddaraf", "the latest of these binds"};
inline constexpr Phrase kBefore = {"cyn", "before"};
inline constexpr Phrase kOnlyWhen = {"dim ond os yw'r dechrau", "only if the start event is"};
inline constexpr Phrase kFromEvent = {"cyfrif o'r cyntaf wedi'r dechrau",
                                      "counted from the first of these at or after the start"};
inline constexpr Phrase kFromField = {"cyfrif o'r dyddiad yn y maes",
                                      "counted from what is stated in the field"};
inline constexpr Phrase kFromStart = {"cyfrif o'r dechrau", "counted from the start"};
inline constexpr Phrase kElapsed = {"amser di-dor, nos a dydd; yn hwyr: ar yr union amser",
                                    "elapsed time, day and night; late at that very instant"};
inline constexpr Phrase kAnHourOfADay = {
    "os nad yw'r amser yn hysbys: cyfrif o ddiwedd y dydd",
    "a start known to the day only counts from that day's end"};
inline constexpr Phrase kDayZero = {"y dydd y cyfrifir ohono: dydd 0",
                                    "the day it is counted from is day 0"};
inline constexpr Phrase kDayOne = {"y dydd y cyfrifir ohono: dydd 1, os yw'n cyfrif",
                                   "the day it is counted from is day 1 if it is a counted day"};
inline constexpr Phrase kClosedStays = {"dechrau ar ddydd nad yw'n cyfrif: dim newid",
                                        "a start on a day that is not counted keeps its date"};
inline constexpr Phrase kClosedMoves = {
    "dechrau ar ddydd nad yw'n cyfrif: y dydd nesaf sy'n cyfrif",
    "a start on a day that is not counted moves to the next "
    "counted day"};
inline constexpr Phrase kCutOff = {"dechrau o'r amser hwn: y dydd nesaf sy'n cyfrif",
                                   "a start from this time on counts as the next counted day's"};
inline constexpr Phrase kInclusive = {"dydd olaf: mewn pryd tan hanner nos",
                                      "the last day is in time to its end; late from midnight"};
inline constexpr Phrase kExclusive = {"dydd olaf: yn hwyr; mewn pryd tan hanner nos y dydd cynt",
                                      "less than: the last day in time is one day earlier, to its "
                                      "end"};
inline constexpr Phrase kRollStay = {"dydd olaf nad yw'n ddiwrnod gwaith: dim newid",
                                     "a last day that is not a working day stays"};
inline constexpr Phrase kRollNext = {"dydd olaf nad yw'n ddiwrnod gwaith: y diwrnod gwaith nesaf",
                                     "a last day that is not a working day moves to the next one"};
inline constexpr Phrase kRollPrevious = {
    "dydd olaf nad yw'n ddiwrnod gwaith: y diwrnod gwaith cynt",
    "a last day that is not a working day moves to the one "
    "before"};
inline constexpr Phrase kMonths = {"yr un dyddiad yn y mis, neu'r dydd olaf",
                                   "the same day of the month, or that month's last"};
inline constexpr Phrase kOpenings = {"amser agor yr ysgol ar ôl y dechrau",
                                     "openings of the school after the start; late at that very "
                                     "instant"};
inline constexpr Phrase kWithin = {"cyfanswm mewn ffenestr symudol",
                                   "a total, in any window of this length"};
inline constexpr Phrase kCalendarOf = {"calendr", "calendar of"};

// Levels.
inline constexpr Phrase kAtDue = {"ar y terfyn amser", "at due"};
inline constexpr Phrase kAtTarget = {"ar y targed", "at the target"};
inline constexpr Phrase kBeforeDue = {"cyn y terfyn amser", "before due"};
inline constexpr Phrase kBeforeTarget = {"cyn y targed", "before the target"};
inline constexpr Phrase kAfterDue = {"ar ôl y terfyn amser", "after due"};
inline constexpr Phrase kAfterTarget = {"ar ôl y targed", "after the target"};
inline constexpr Phrase kDaysFromLast = {"dyddiau: cyfrif o'r dydd olaf",
                                         "days are counted from the last day in time"};
inline constexpr Phrase kAckExpires = {"hyd cydnabyddiaeth", "an acknowledgement holds"};
inline constexpr Phrase kDueSoon = {"i'w wneud yn fuan (due_soon)", "due soon (due_soon)"};
inline constexpr Phrase kOverdue = {"yn hwyr (overdue)", "overdue (overdue)"};

// Scope, days, weight, source.
inline constexpr Phrase kNation = {"gwlad", "nation"};
inline constexpr Phrase kAuthority = {"awdurdod lleol", "local authority"};
inline constexpr Phrase kFromDay = {"dechrau o", "for starts from"};
inline constexpr Phrase kToDay = {"dechrau hyd at", "for starts to"};
inline constexpr Phrase kAdvisory = {"cynghorol: dim rhybudd i neb (amserlen heb ei chadarnhau)",
                                     "advisory: never pages anyone"};
inline constexpr Phrase kStatute = {"Deddf / Rheoliadau", "an Act or Regulations"};
inline constexpr Phrase kGuidance = {"canllawiau / gweithdrefnau cenedlaethol",
                                     "guidance or a national procedure"};
inline constexpr Phrase kLocal = {"llyfr lleol", "a local book"};
inline constexpr Phrase kPercent = {"targed, mewn pryd", "asked to be in time"};
inline constexpr Phrase kParagraph = {"paragraff", "paragraph"};

// The book.
inline constexpr Phrase kVersion = {"fersiwn", "version"};
inline constexpr Phrase kQuietAfter = {"dim gwybodaeth gan yr asiantaeth hon, ar ôl",
                                       "no word from this agency, after"};
inline constexpr Phrase kSchools = {"ysgolion", "schools"};
inline constexpr Phrase kClosedDays = {"diwrnodau ar gau", "closed days"};
inline constexpr Phrase kPart = {"rhan", "part"};
inline constexpr Phrase kAllParts = {"popeth", "all"};
inline constexpr Phrase kGives = {"o", "from"};
inline constexpr Phrase kTakes = {"i", "to"};
inline constexpr Phrase kDash = {" – ", " to "};

// Worked examples.
inline constexpr Phrase kStart = {"dechrau", "start"};
inline constexpr Phrase kLastDay = {"dydd olaf mewn pryd", "last day in time"};
inline constexpr Phrase kLateFrom = {"yn hwyr o", "late from"};
inline constexpr Phrase kNotCounted = {"ddim yn cyfrif", "not counted"};
inline constexpr Phrase kEveryDayCounted = {"pob dydd yn cyfrif", "every day counted"};
inline constexpr Phrase kClosedDay = {"ar gau yn y calendr", "closed in calendar"};
inline constexpr Phrase kNoCalendar = {"calendr ar goll: dim terfyn amser",
                                       "the calendar is missing or does not reach so far: no due "
                                       "time, and no guess"};
inline constexpr Phrase kCountedWith = {"calendr", "calendar"};
inline constexpr Phrase kHasErrors = {"dim: gwallau yn y llyfr", "none while the book has errors"};

}  // namespace phrase

}  // namespace dolen

#endif  // DOLEN_ENGINE_PATHWAY_PHRASES_H_
