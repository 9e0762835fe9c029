// What changed between two texts of a book, in words.
#include "engine/pathway/diff.h"

#include <functional>
#include <string>
#include <vector>

#include "absl/strings/str_replace.h"
#include "engine/pathway/book.h"
#include "gmock/gmock.h"
#include "google/protobuf/descriptor.h"
#include "gtest/gtest.h"
#include "tests/engine/calendar/uk.h"
#include "tests/engine/pathway/sample.h"

namespace dolen {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using pathway::v1::Book;
using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> Diff(const std::string& before, const std::string& after) {
  const CheckedBook a = ParseBook(before), b = ParseBook(after);
  EXPECT_TRUE(a.parsed && b.parsed);
  std::vector<std::string> lines;
  for (const Change& change : DiffBooks(a.book, b.book)) lines.push_back(ChangeText(change));
  return lines;
}

// The sample against itself with another text in one line.
std::vector<std::string> DiffLine(int line, const std::string& text) {
  return Diff(SampleWith(0, ""), SampleWith(line, text));
}

TEST(Diff, ABookIsTheSameAsItself) {
  EXPECT_THAT(DiffLine(17, "# a comment is no part of a book"), IsEmpty());
}

TEST(Diff, SaysFieldsInWords) {
  EXPECT_THAT(DiffLine(11, "limit { allow { working_days: 15 } cut_off: '16:00' }"),
              ElementsAre("rule R: limit 1, allow: 1 working day -> 15 working days",
                          "rule R: limit 1, cut off: (none) -> 16:00"));
  EXPECT_THAT(DiffLine(10, "stop { is: 'referral_accepted' or { is: 'seen' by: 'asked' } }"),
              ElementsAre("rule R: stop: referral accepted -> referral accepted; or: seen (by: the "
                          "agency that is asked)"));
  EXPECT_THAT(DiffLine(15, "weight: ADVISORY done_before: true"),
              ElementsAre("rule R: done before: no -> yes", "rule R: weight: LOCAL -> ADVISORY"));
  EXPECT_THAT(DiffLine(14, "title { cy: 'd' en: 'e' } source { title: 's' }"),
              ElementsAre("rule R: title, cy: c -> d"));
  EXPECT_THAT(DiffLine(1, "id: 't' version: '2'"), ElementsAre("book: version: 1 -> 2"));
}

TEST(Diff, SaysWhatCameAndWent) {
  EXPECT_THAT(DiffLine(11, ""), ElementsAre("rule R: limit 1: removed: allow: 1 working day"));
  EXPECT_THAT(DiffLine(16, "cancel { is: 'withdrawn' } }"),
              ElementsAre("rule R: cancel: (none) -> withdrawn"));
  EXPECT_THAT(DiffLine(17, "rule { id: 'N' title { en: 'New' } } agency { id: 'a' }"),
              ElementsAre("agency a: added", "rule N: added: New"));
  EXPECT_THAT(
      Diff(SampleWith(17, "passing { part: 'p' to: 'asked' } example: 'x'"), SampleWith(0, "")),
      ElementsAre("book: passing 1: removed: part: p; to: asked", "book: example 1: removed: x"));
  EXPECT_THAT(DiffLine(3, "agency { id: 'council' kind: 'council' nation: 'scotland' }"),
              ElementsAre("agency council: nation: wales -> scotland"));
}

TEST(Diff, LevelsAreTheSameByName) {
  EXPECT_THAT(DiffLine(13,
                       "level { name: 'due_soon' offset { hours: -4 } } level { name: 'overdue' "
                       "audience: 'asker' audience: 'asked' }"),
              ElementsAre("rule R: level overdue, audience: asker -> asker, asked",
                          "rule R: level due_soon: added: name: due_soon; offset: 4 hours before"));
}

TEST(Diff, ComparesCalendarsByDay) {
  // The same days written as other runs are the same.
  EXPECT_THAT(
      DiffLine(5, "closed { from: '2026-12-25' } closed { from: '2026-12-26' to: '2026-12-28' }"),
      IsEmpty());
  EXPECT_THAT(DiffLine(5,
                       "closed { from: '2026-12-24' to: '2026-12-26' } closed { from: "
                       "'2026-05-04' announced: '2026-03-01' }"),
              ElementsAre("calendar w: closed: removed: 2026-12-27 to 2026-12-28",
                          "calendar w: closed: added: 2026-05-04, announced 2026-03-01",
                          "calendar w: closed: added: 2026-12-24"));
  EXPECT_THAT(DiffLine(4, "calendar { id: 'w' from: '2026-01-01' to: '2027-12-31'"),
              ElementsAre("calendar w: to: 2026-12-31 -> 2027-12-31"));
  EXPECT_THAT(DiffLine(5, "closed { from: 'Christmas' }"),
              ElementsAre("calendar w: closed: removed: 2026-12-25 to 2026-12-28",
                          "calendar w: closed: added: from: Christmas"));
}

TEST(Diff, MatchesVersionsByTheirFirstDay) {
  const std::string old_rule = "rule { id: 'V' limit { allow { hours: 10 } } }";
  const std::string two =
      "rule { id: 'V' valid_to: '2026-05-01' limit { allow { hours: 10 } } }"
      "rule { id: 'V' valid_from: '2026-05-01' limit { allow { hours: 5 } } }";
  EXPECT_THAT(Diff(SampleWith(17, old_rule), SampleWith(17, two)),
              ElementsAre("rule V, first version: valid to: (none) -> 2026-05-01",
                          "rule V from 2026-05-01: added"));
  EXPECT_THAT(Diff(SampleWith(17, two),
                   SampleWith(17, absl::StrReplaceAll(two, {{"hours: 5", "hours: 6"}}))),
              ElementsAre("rule V from 2026-05-01: limit 1, allow: 5 hours -> 6 hours"));
  // One version that is moved stays one version.
  EXPECT_THAT(Diff(SampleWith(17, "rule { id: 'V' valid_from: '2026-05-01' }"),
                   SampleWith(17, "rule { id: 'V' valid_from: '2026-06-01' }")),
              ElementsAre("rule V: valid from: 2026-05-01 -> 2026-06-01"));
}

TEST(Diff, TheOrderCountsAmongVersionsOnly) {
  const std::string a = "rule { id: 'V' valid_from: '2026-05-01' }";
  const std::string b = "rule { id: 'V' }", other = "rule { id: 'W' }";
  EXPECT_THAT(Diff(SampleWith(17, a + other), SampleWith(17, other + a)), IsEmpty());
  EXPECT_THAT(
      Diff(SampleWith(17, a + b), SampleWith(17, b + a)),
      ElementsAre("rule V: order of its versions: rule V from 2026-05-01 (1), rule V, first "
                  "version (2) -> rule V, first version (2), rule V from 2026-05-01 (1)"));
}

void Walk(Message& message, const std::function<void(Message&, const FieldDescriptor*)>& visit) {
  const google::protobuf::Reflection* reflection = message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    const int size = field->is_repeated() ? reflection->FieldSize(message, field) : 1;
    for (int i = 0; i < size && field->message_type() != nullptr; ++i) {
      Walk(field->is_repeated() ? *reflection->MutableRepeatedMessage(&message, field, i)
                                : *reflection->MutableMessage(&message, field),
           visit);
    }
    visit(message, field);
  }
}

TEST(Diff, NoticesEveryFieldThatIsTakenAway) {
  const Book whole = ParseBook(ReadFile("tests/engine/pathway/explain_book.textproto")).book;
  Book counted = whole;
  int fields = 0;
  Walk(counted, [&](Message&, const FieldDescriptor*) { ++fields; });
  ASSERT_GT(fields, 150);
  for (int taken = 0; taken < fields; ++taken) {
    Book book = whole;
    int number = 0;
    std::string name;
    Walk(book, [&](Message& message, const FieldDescriptor* field) {
      if (number++ != taken) return;
      name = field->full_name();
      message.GetReflection()->ClearField(&message, field);
    });
    EXPECT_FALSE(DiffBooks(whole, book).empty()) << "without " << name;
    EXPECT_FALSE(DiffBooks(book, whole).empty()) << "with " << name;
  }
}

}  // namespace
}  // namespace dolen
