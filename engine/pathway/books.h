// Every book published so far, ready for use: which rules an event touches, which version of a rule
// is in force on a day, which calendar a party keeps. Pure, and the same for the same publications
// in the same order.
//
// Which version judges which days of start:
//  * A publication decides the days from its own civil day on; the first of a book id decides the
//    past too, unless another book already judged some of a rule's days there: then that rule waits
//    for the publication's day. So April's cases never turn red in May.
//  * In it, each version has its own [valid_from, valid_to). A version of the same book that it
//    leaves out or changes ends on its day. Unchanged text goes on as the version that it was.
//  * Where days overlap (other scopes, another book, an exception inside a longer time), the last
//    version counts that judges the day and whose scope fits: VersionInForce.
#ifndef DOLEN_ENGINE_PATHWAY_BOOKS_H_
#define DOLEN_ENGINE_PATHWAY_BOOKS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "dolen/alert/v1/alert.pb.h"
#include "dolen/pathway/v1/pathway.pb.h"
#include "engine/calendar/calendar.h"
#include "engine/calendar/zone.h"

namespace dolen {

// One use that a version makes of a pattern.
struct PatternUse {
  enum Role : uint8_t {
    kStart,
    kStop,
    kCancel,
    kPauseBegin,
    kPauseEnd,
    kFrom,     // of a limit; targets are counted after the limits
    kEarlier,  // a pattern inside given or unless: remembered, since others may ask whether it came
  };
  Role role;
  int index;  // which start, stop, pause, limit; of kEarlier which of these
  const pathway::v1::Pattern* pattern;
};

// One version of one rule, with the days of start that it judges.
struct RuleVersion {
  pathway::v1::Rule rule;
  std::string book_id;
  std::string book_version;
  absl::CivilDay from;                // first day of start judged
  absl::CivilDay to;                  // first day of start no longer judged
  int publication = 0;                // index of its publication, for its zone
  std::vector<PatternUse> uses = {};  // all of them
  // Once such a clock is stopped, nothing that comes later in the order can change it, and what it
  // was at an earlier instant can be read from what it is (but for what child/watch.cc says of a
  // cancel known to the day): first matches only, a key that is known at once, no pause, exception,
  // moment, window or base that comes later.
  bool is_plain = false;
  alert::v1::About about = alert::v1::ABOUT_UNSPECIFIED;
  // Other versions may judge the same day; VersionInForce chooses.
  bool Judges(absl::CivilDay start) const { return from <= start && start < to; }
};

// All versions of one rule id, in order of publication and, within one, of the text. A version's
// index never changes; one that judges no day any more stays, with from >= to.
struct RuleFamily {
  std::string id;
  std::vector<RuleVersion> versions;
  // Families with a pattern "overdue" of this one, and of those; and the other way round.
  std::vector<int> watchers = {};
  std::vector<int> watched = {};
  bool watches = false;  // it has such a pattern itself
  bool watches_holding = false;
  const std::string& per(int i) const;  // "matter" where the rule names no key
  int per_size() const;
};

// A family that an event may touch, and the uses of patterns that may fit it.
struct Interest {
  int family = 0;
  std::vector<std::pair<int, int>> uses;  // version and place in its uses
  bool may_excuse = false;                // the event is an exception, and a version lets it excuse
};

// Pointers, references and spans live until the next Add. Several threads may read at once.
class Books {
 public:
  Books();
  ~Books();
  Books(Books&&) noexcept;
  Books& operator=(Books&&) noexcept;

  // Adds a publication. `recorded` is the time reached at which it was folded. Errors:
  // kInvalidArgument when CheckBook finds an error (the publisher has checked already; the fold
  // counts such a record and goes on without it).
  absl::Status Add(const pathway::v1::Book& book, Zone zone, absl::Time recorded);

  // Adds a draft after all publications, to ask what would be if its rules had been those of its
  // book all along for starts on days in [from, to). On those days they replace its book's versions
  // of the same rule ids, also where a rule ends; a rule that the draft does not name stays, and
  // what it leaves unchanged stands where it stood among other books. What it changes counts as
  // published last. Agencies and calendars are for all days; passings count if the draft names any;
  // a published table of the zone stays. Versions' indexes change. Errors: as Add.
  absl::Status AddDraft(const pathway::v1::Book& draft, Zone zone, absl::CivilDay from,
                        absl::CivilDay to);

  // Publications so far; pictures drawn with fewer are drawn again.
  int publications() const;

  // The families, sorted by id; a family's index changes only with Add.
  absl::Span<const RuleFamily> families() const;
  const RuleFamily* FindFamily(absl::string_view id) const;  // nullptr: none

  // Who is interested in an event of this name (a kind in lower case without prefix, or a
  // milestone): ascending by family.
  absl::Span<const Interest> InterestIn(absl::string_view event) const;
  // The parties "role:R" and "kind:K" that any rule names: who they are must be remembered. Sorted.
  absl::Span<const std::string> named_parties() const;
  // Some rule asks for the child's age, or counts from the birth month.
  bool reads_birth() const;
  // Some rule waits for another's breach.
  bool watches() const;
  // Some rule watches the holding.
  bool reads_holding() const;
  // By which events responsibility passes: of the newest publication of each book.
  absl::Span<const pathway::v1::Passing> passings() const;

  // The zone in which days begin where no rule is asked: of the newest publication; UTC without
  // one.
  const Zone& zone() const;
  // The zone in which this version's days begin: the newest published table of its zone's name.
  const Zone& ZoneOf(const RuleVersion& version) const;
  // The calendar of working days of an agency: the newest of its authority, else of its nation,
  // else the one for all. nullptr: none is known. Unknown agencies have the one for all. A calendar
  // id that is published again replaces the older calendar of that id, wherever it was for.
  const Calendar* WorkingDaysOf(absl::string_view agency) const;
  // Likewise the calendar of school days.
  const Calendar* SchoolDaysOf(absl::string_view agency) const;
  // What the newest publication that names the agency says of it; nullptr: no book names it.
  const pathway::v1::Agency* FindAgency(absl::string_view agency) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Whether the rule is for this agency: no scope, or one of its scopes is "agency:" its id, or
// "nation:" or "authority:" what the books say of it.
bool InScope(const RuleVersion& version, absl::string_view agency, const Books& books);

// Index among `family.versions` of the one in force for a start on `day`: the last that judges the
// day and whose scope fits the agency that `accountable` names under it. -1: none.
int VersionInForce(const RuleFamily& family, absl::CivilDay day,
                   absl::FunctionRef<absl::string_view(const RuleVersion&)> accountable,
                   const Books& books);

}  // namespace dolen

#endif  // DOLEN_ENGINE_PATHWAY_BOOKS_H_
