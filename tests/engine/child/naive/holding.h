// Who holds a child, what is offered and waits for an answer, and where nobody holds it, as the
// second model tells it: a list of spans made from the whole set of events, looked through for
// every question.
#ifndef DOLEN_TESTS_ENGINE_CHILD_NAIVE_HOLDING_H_
#define DOLEN_TESTS_ENGINE_CHILD_NAIVE_HOLDING_H_

#include <set>
#include <string>
#include <vector>

#include "tests/engine/child/naive/history.h"

namespace dolen::second {

// An instant, and how people read it: a day, or RFC 3339 in UTC.
struct Mark {
  absl::Time at = absl::InfiniteFuture();
  std::string text;
};

// One part of the responsibility with one agency, [from, to).
struct Holding {
  enum Why { kHandover, kEpisode, kCover };
  std::string part, agency;
  Why why = kHandover;
  std::string matter;  // by which it was begun
  Mark from, to;
};

// A handover from when it was offered until it was answered, [from, to), and until it was
// completed, cancelled or offered again.
struct Offer {
  std::string matter, part, from_agency, to_agency;
  Mark from, to, finished;
};

struct Responsibility {
  std::vector<Holding> holdings;
  std::vector<Offer> offers;

  // Who holds a part: whoever stands in, else whoever holds it, else who holds all.
  std::set<std::string> Who(const std::string& part, absl::Time t) const;
  // What an agency sees of it at `t`, a line each: "holds ...", "overlap ...", "gap ...".
  std::vector<std::string> LinesOf(const std::string& agency, absl::Time t) const;

 private:
  std::vector<const Holding*> InForce(const std::string& part, absl::Time t) const;
  void AddGap(const std::string& part, const std::string& agency, absl::Time t,
              std::vector<std::string>& lines) const;
};

// `zone`: in which days begin. Passings say what events they stand for by kind, publisher and coded
// fields only.
Responsibility ResponsibilityOf(const std::vector<Said>& said, const Library& library,
                                const std::vector<pathway::v1::Passing>& passings,
                                const std::string& zone);

}  // namespace dolen::second

#endif  // DOLEN_TESTS_ENGINE_CHILD_NAIVE_HOLDING_H_
