// Generated books with everything a rule can say, except the holding.
#ifndef DOLEN_TESTS_ENGINE_CHILD_RICH_BOOK_H_
#define DOLEN_TESTS_ENGINE_CHILD_RICH_BOOK_H_

#include <string>

#include "absl/time/civil_time.h"
#include "dolen/pathway/v1/pathway.pb.h"
#include "tests/engine/child/dice.h"

namespace dolen::story {

// What rules and events of a generated world name.
inline constexpr const char* kRichNames[] = {"m1", "m2", "m3"};
inline constexpr const char* kRichReasons[] = {"", "full", "moved"};
inline constexpr const char* kRichRoles[] = {"chair", "head"};
inline constexpr const char* kRichPlaces[] = {"p1", "p2"};
inline constexpr int kRichRules = 5;

class RichBooks {
 public:
  // `around`: a day in the middle of the history; calendars and versions change about then.
  RichBooks(Dice& dice, absl::CivilDay around);

  pathway::v1::Book First();
  // Rules changed, dropped or added; calendars longer, a closure announced, an agency moved.
  pathway::v1::Book Next(const pathway::v1::Book& book, int version);

 private:
  std::string Per() const;
  std::string Day(int offset) const;
  std::string Name();
  std::string Where();
  std::string Pattern(bool top);
  std::string Moment(int rule);
  std::string Amount(int kind, bool may_be_negative);
  std::string Limit(int kind, bool each);
  std::string Limits(bool each, bool may_be_none, int& kind);
  std::string Pauses(int kind);
  std::string Levels(bool target);
  std::string Fields(int rule);
  void AddRule(int rule, pathway::v1::Book& book);
  void AddCalendars(pathway::v1::Book& book);

  Dice& dice_;
  const absl::CivilDay around_;
  std::string per_[kRichRules + 1];
};

}  // namespace dolen::story

#endif  // DOLEN_TESTS_ENGINE_CHILD_RICH_BOOK_H_
