// Every book published so far, ready for use: which rules an event touches, which version of a rule
// is in force on a day, which calendar a party keeps. Pure, and the same for the same publications
// in the same order.
//
// A rule's versions, in order of publication, divide the days of start among them: a version judges
// the starts in its own [valid_from, valid_to); where a later publication says something else about
// days that an earlier one covers, it does so from the civil day of its own publication on (the
// first publication of a book id reaches into the past). A rule that a later publication of the
// same book id leaves out ends on that publication's day. A version whose text is unchanged is not
// a new version.
#ifndef DOLEN_ENGINE_PATHWAY_BOOKS_H_
#define DOLEN_ENGINE_PATHWAY_BOOKS_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "dolen/pathway/v1/pathway.pb.h"
#include "engine/calendar/calendar.h"
#include "engine/calendar/zone.h"

namespace dolen {

// One version of one rule, with the days of start that it judges.
struct RuleVersion {
  pathway::v1::Rule rule;
  std::string book_id;
  std::string book_version;
  absl::CivilDay from;  // first day of start judged
  absl::CivilDay to;    // first day of start no longer judged
  int publication = 0;  // index of its publication, for its zone
  bool Judges(absl::CivilDay start) const { return from <= start && start < to; }
};

// All versions of one rule id, in order of publication. A version's index never changes.
struct RuleFamily {
  std::string id;
  std::vector<RuleVersion> versions;
};

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

  // Publications so far; pictures drawn with fewer are drawn again.
  int publications() const;

  // The families, sorted by id; a family's index changes only with Add.
  absl::Span<const RuleFamily> families() const;
  const RuleFamily* FindFamily(absl::string_view id) const;  // nullptr: none

  // Indexes into families() of the rules, any version of which names `event` (a kind in lower case
  // without prefix, or a milestone) in a start, stop or cancel pattern. Ascending.
  absl::Span<const int> FamiliesOf(absl::string_view event) const;

  // The zone in which this version's days begin.
  const Zone& ZoneOf(const RuleVersion& version) const;
  // The calendar of working days of an agency: the newest of its authority, else of its nation,
  // else the one for all. nullptr: none is known. Unknown agencies have the one for all.
  const Calendar* WorkingDaysOf(absl::string_view agency) const;
  // What the newest publication that names the agency says of it; nullptr: no book names it.
  const pathway::v1::Agency* FindAgency(absl::string_view agency) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace dolen

#endif  // DOLEN_ENGINE_PATHWAY_BOOKS_H_
