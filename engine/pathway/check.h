// The parts of CheckBook. Internal to engine/pathway.
#ifndef DOLEN_ENGINE_PATHWAY_CHECK_H_
#define DOLEN_ENGINE_PATHWAY_CHECK_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/container/btree_set.h"
#include "absl/strings/string_view.h"
#include "dolen/pathway/v1/pathway.pb.h"
#include "engine/base/names.h"
#include "engine/pathway/spot.h"

namespace dolen {

// Gathers findings about one book; its parts share what the book says elsewhere.
class Checker {
 public:
  // Both outlive the checker; `tree` may be nullptr.
  Checker(const pathway::v1::Book& book, const google::protobuf::TextFormat::ParseInfoTree* tree);

  // The calendars of a book that will be in force beside this one.
  void Know(const pathway::v1::Book& book);

  // All findings, by line.
  std::vector<Finding> Run();

 private:
  // check_book.cc
  void CheckAgency(const pathway::v1::Agency& agency, const Spot& spot);
  void CheckWord(const pathway::v1::Word& word, const Spot& spot);
  void CheckCalendar(const pathway::v1::Calendar& calendar, const Spot& spot);
  void CheckDays(const pathway::v1::Calendar& calendar, const Spot& spot);
  void CheckHours(const pathway::v1::Calendar& calendar, const Spot& spot);
  void CheckClosed(const pathway::v1::Calendar& calendar, const Spot& spot);
  void CheckPassing(const pathway::v1::Passing& passing, const Spot& spot);
  void CheckAlone(const pathway::v1::Pattern& pattern, const Spot& spot);
  void CheckVersions();
  void CheckWatched();

  // check_rule.cc
  void CheckRule(const pathway::v1::Rule& rule, const Spot& spot);
  void CheckWhen(const pathway::v1::Rule& rule, const Spot& spot);
  void CheckScope(const pathway::v1::Rule& rule, const Spot& spot);
  void CheckOpening(const pathway::v1::Rule& rule, const Spot& spot);
  void CheckKey(const pathway::v1::Rule& rule, const Spot& spot);
  void CheckOpens(const pathway::v1::Rule& rule, const Spot& spot);
  void CheckExcuser(const pathway::v1::Rule& rule, const Spot& spot);
  void CheckParty(absl::string_view party, const Spot& spot);
  void CheckAccountable(const pathway::v1::Rule& rule, const Spot& spot);
  void CheckLevels(const pathway::v1::Rule& rule, const Spot& spot);
  void CheckAudience(absl::string_view audience, const Spot& spot);
  void CheckLevel(const pathway::v1::Level& level, const Spot& spot);
  void CheckText(const pathway::v1::Rule& rule, const Spot& spot);

  // check_limit.cc
  void CheckPause(const pathway::v1::Rule& rule, const pathway::v1::Pause& pause, const Spot& spot);
  void CheckOwner(const std::string& owner, const Spot& spot);
  void CheckLimits(const pathway::v1::Rule& rule, const Spot& spot);
  void CheckLimit(const pathway::v1::Rule& rule, const pathway::v1::Limit& limit, const Spot& spot);
  void CheckWhenStarted(const pathway::v1::Rule& rule, const pathway::v1::Pattern& when,
                        const Spot& spot);
  void CheckAlternatives(const pathway::v1::Rule& rule, const pathway::v1::Pattern& when,
                         const Spot& spot);
  void CheckFrom(const pathway::v1::Rule& rule, const pathway::v1::From& from, const Spot& spot);
  void CheckWithin(const pathway::v1::Rule& rule, const pathway::v1::Limit& limit,
                   const Spot& spot);
  void CheckConventions(const pathway::v1::Limit& limit, const Spot& spot);
  // Whether the amount is in a unit and within bounds.
  bool CheckAmount(const pathway::v1::Amount& amount, bool negative, const Spot& spot);
  // Whether some known calendar counts its unit; `otherwise` is what comes of it if none
  // does.
  void CheckCalendarFor(const pathway::v1::Amount& amount, absl::string_view otherwise,
                        const Spot& spot);

  // check_pattern.cc
  // Of an event, which must be named unless it is known otherwise.
  void CheckPattern(const pathway::v1::Pattern& pattern, const Spot& spot, bool needs_name = true);
  // Of an event or a moment.
  void CheckOpener(const pathway::v1::Pattern& pattern, const Spot& spot);
  void CheckMoment(const pathway::v1::Pattern& pattern, const Spot& spot);
  void CheckEarlier(const pathway::v1::Pattern& pattern, const Spot& spot);
  void CheckName(const std::string& name, const Spot& spot);
  void CheckBy(absl::string_view by, const Spot& spot);
  void CheckTest(const pathway::v1::Test& test, const Spot& spot);
  void CheckDerived(const pathway::v1::Test& test, const Spot& spot);

  // check_whole.cc
  void CheckWhole();
  void CheckReach();
  void CheckUnknown();
  void CheckCovered(int index);
  void CheckConcerned();

  // Whether `day` is empty or a day; otherwise an error.
  bool CheckDay(const std::string& day, const Spot& spot);
  // "agency:X" names an agency of this book; otherwise an error.
  void CheckAgencyName(absl::string_view agency, const Spot& spot);
  void Error(const Spot& spot, std::string sentence);
  void Warn(const Spot& spot, std::string sentence, Finding::Lacks lacks = Finding::kNothing);

  const pathway::v1::Book& book_;
  const Spot root_;
  absl::btree_set<std::string> agencies_, kinds_;
  // Patterns "overdue" met so far.
  struct Watched {
    std::string rule;
    const pathway::v1::Rule* by;
    Spot spot;
  };
  std::vector<Watched> watched_;
  const pathway::v1::Rule* current_rule_ = nullptr;  // that is being checked
  // Whether a calendar of this book, or of one beside it, does.
  bool counts_working_days_ = false, counts_school_days_ = false, has_office_hours_ = false;
  std::vector<Finding> findings_;
};

// An amount in minutes as if every day counted, to bound amounts and to order levels.
int64_t NominalMinutes(const pathway::v1::Amount& amount);
// Whether no event ever starts the rule, but moments only.
bool StartsWithMomentsOnly(const pathway::v1::Rule& rule);
// Whether the pattern or one of its alternatives names this event.
bool Names(const pathway::v1::Pattern& pattern, absl::string_view name);
bool IsNation(absl::string_view nation);

}  // namespace dolen

#endif  // DOLEN_ENGINE_PATHWAY_CHECK_H_
