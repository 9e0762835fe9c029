// The shipped books as one installation would publish them, ready for the engine and for the second
// model, and what the second model says of an example.
#ifndef DOLEN_TESTS_DEPLOY_WORKED_BOOKS_H_
#define DOLEN_TESTS_DEPLOY_WORKED_BOOKS_H_

#include <string>
#include <vector>

#include "dolen/pathway/v1/pathway.pb.h"
#include "engine/calendar/zone.h"
#include "engine/pathway/books.h"
#include "engine/pathway/example.h"
#include "tests/engine/child/naive/picture.h"

namespace dolen {

// A change of the shipped books that a worked example asks for; nullptr: none.
using BookChange = void (*)(pathway::v1::Book&);
// Scotland's guidance of 2014 as if it had stayed in force.
void Scotland2014(pathway::v1::Book& book);
// sCAMHS as if its series had not ended in 2017.
void ScamhsGoesOn(pathway::v1::Book& book);
// As the calendars were before 19 September 2022 was declared a holiday.
void BeforeTheFuneralWasDeclared(pathway::v1::Book& book);

// All books of Wales, England and Scotland and the calendars, with agencies in the three nations, a
// school with made-up terms, and rules that only the worked examples themselves state.
struct World {
  explicit World(BookChange change);
  pathway::v1::Book book;
  Zone zone;
  Books books;
  second::Library library;
};
// Made once for each change.
const World& WorldOf(BookChange change);

// One example, told to the second model. The agency that nobody names is "cyngor".
class SecondCase {
 public:
  SecondCase(const Example& example, const World& world);
  // Empty where it is as expected.
  std::string Failure(const Expectation& expected) const;

 private:
  absl::Time Begin(const ExampleTime& time) const;
  absl::Time End(const ExampleTime& time) const;
  std::vector<second::Clock> Find(const Expectation& expected,
                                  const std::vector<second::Said>& said) const;

  const World& world_;
  std::vector<second::Said> events_;
  std::vector<absl::Time> recorded_;
  absl::Time end_ = absl::InfinitePast();
};

}  // namespace dolen

#endif  // DOLEN_TESTS_DEPLOY_WORKED_BOOKS_H_
