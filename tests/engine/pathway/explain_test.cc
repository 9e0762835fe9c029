// A rule in words. explain_book.textproto uses every field of a rule; explain_*.txt are its pages,
// read by people before they were kept.
#include "engine/pathway/explain.h"

#include <functional>
#include <limits>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "engine/pathway/book.h"
#include "google/protobuf/descriptor.h"
#include "gtest/gtest.h"
#include "tests/engine/calendar/uk.h"

namespace dolen {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using pathway::v1::Book;
using pathway::v1::Rule;

constexpr char kFolder[] = "tests/engine/pathway/";

Book SampleBook() {
  const CheckedBook checked = ParseBook(ReadFile(absl::StrCat(kFolder, "explain_book.textproto")));
  EXPECT_TRUE(checked.parsed);
  return checked.book;
}

std::string PagesOf(const Book& book, Language language) {
  std::string pages = PageText(book.id(), ExplainBook(book, language), language);
  for (const Rule& rule : book.rule()) {
    absl::StrAppend(&pages, "\n", PageText(rule.id(), ExplainRule(rule, language), language));
  }
  return pages;
}

TEST(Explain, SaysEnglishPagesAsTheyWereReviewed) {
  EXPECT_EQ(PagesOf(SampleBook(), Language::kEnglish),
            ReadFile(absl::StrCat(kFolder, "explain_en.txt")));
}

TEST(Explain, SaysWelshPagesAsTheyWereDrafted) {
  EXPECT_EQ(PagesOf(SampleBook(), Language::kWelsh),
            ReadFile(absl::StrCat(kFolder, "explain_cy.txt")));
}

TEST(Explain, TellsThatTheWelshIsADraftOnEachPage) {
  const Book book = SampleBook();
  for (const Rule& rule : book.rule()) {
    const std::string page =
        PageText(rule.id(), ExplainRule(rule, Language::kWelsh), Language::kWelsh);
    EXPECT_NE(page.find("draft Welsh, to be reviewed"), std::string::npos) << rule.id();
  }
}

// Calls `visit` with each field that is set, at any depth, and something that takes it away.
using Visit = std::function<void(const std::string& path, const FieldDescriptor* field,
                                 const std::function<void()>& remove)>;

void WalkSet(Message& message, const std::string& path, const Visit& visit) {
  const google::protobuf::Reflection* reflection = message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection->ListFields(message, &fields);
  for (const FieldDescriptor* field : fields) {
    const std::string at = absl::StrCat(path, ".", field->name());
    const int size = field->is_repeated() ? reflection->FieldSize(message, field) : 1;
    for (int i = 0; i < size && field->message_type() != nullptr; ++i) {
      WalkSet(field->is_repeated() ? *reflection->MutableRepeatedMessage(&message, field, i)
                                   : *reflection->MutableMessage(&message, field),
              absl::StrCat(at, "[", i, "]"), visit);
    }
    visit(at, field, [&] { reflection->ClearField(&message, field); });
  }
}

TEST(Explain, LeavesNoFieldOfTheBookUnsaid) {
  std::vector<std::string> paths;
  Book whole = SampleBook();
  WalkSet(whole, "", [&](const std::string& path, const FieldDescriptor*, const auto&) {
    paths.push_back(path);
  });
  ASSERT_GT(paths.size(), 150u);
  const std::string before =
      PagesOf(SampleBook(), Language::kEnglish) + PagesOf(SampleBook(), Language::kWelsh);
  for (const std::string& taken : paths) {
    Book book = SampleBook();
    bool done = false;
    WalkSet(book, "", [&](const std::string& path, const FieldDescriptor*, const auto& remove) {
      if (path != taken || done) return;
      done = true;
      remove();
    });
    ASSERT_TRUE(done) << taken;
    const std::string after = PagesOf(book, Language::kEnglish) + PagesOf(book, Language::kWelsh);
    // What pages leave out: the version stands in the heading that the program writes, closed days
    // are counted only.
    if (taken == ".version" || taken.find(".closed[") != std::string::npos) continue;
    EXPECT_NE(after, before) << taken << " can be taken away and nobody sees it";
  }
}

TEST(Explain, TheSampleUsesEveryFieldThatARuleHas) {
  std::set<std::string> used;
  Book book = SampleBook();
  WalkSet(book, "", [&](const std::string&, const FieldDescriptor* field, const auto&) {
    used.insert(field->full_name());
  });
  for (const char* type : {"Rule", "Pattern", "Test", "Amount", "Limit", "From", "Pause", "Level",
                           "Passing", "Agency", "Text", "Source"}) {
    const google::protobuf::Descriptor* message =
        Book::descriptor()->file()->FindMessageTypeByName(type);
    ASSERT_NE(message, nullptr) << type;
    for (int i = 0; i < message->field_count(); ++i) {
      EXPECT_TRUE(used.count(message->field(i)->full_name())) << message->field(i)->full_name();
    }
  }
}

TEST(Words, EveryKindOfEventHasWordsInBothLanguages) {
  const google::protobuf::EnumDescriptor* kinds = event::v1::Kind_descriptor();
  for (int i = 0; i < kinds->value_count(); ++i) {
    const Phrase words = KindPhrase(static_cast<event::v1::Kind>(kinds->value(i)->number()));
    EXPECT_EQ(words.en.empty(), kinds->value(i)->number() == 0) << kinds->value(i)->name();
    EXPECT_EQ(words.cy.empty(), words.en.empty()) << kinds->value(i)->name();
  }
}

TEST(Words, WelshHasTheSingularAfterANumber) {
  pathway::v1::Amount amount;
  amount.set_working_days(10);
  EXPECT_EQ(AmountWords(amount, Language::kWelsh), "10 diwrnod gwaith");
  EXPECT_EQ(AmountWords(amount, Language::kEnglish), "10 working days");
  amount.set_working_days(1);
  EXPECT_EQ(AmountWords(amount, Language::kWelsh), "1 diwrnod gwaith");
  EXPECT_EQ(AmountWords(amount, Language::kEnglish), "1 working day");
  amount.set_weeks(12);
  EXPECT_EQ(AmountWords(amount, Language::kWelsh), "12 wythnos");
  amount.set_hours(24);
  EXPECT_EQ(AmountWords(amount, Language::kWelsh), "24 awr");
}

TEST(Words, AnAmountWithoutUnitIsMissingAndTheLeastNumberHasASign) {
  pathway::v1::Amount amount;
  EXPECT_EQ(AmountWords(amount, Language::kEnglish), "missing");
  amount.set_hours(std::numeric_limits<int32_t>::min());
  EXPECT_EQ(SignedWords(amount, Language::kEnglish), "2147483648 hours before");
}

TEST(Words, NestedConditionsStandInBracketsOnOneLine) {
  const std::vector<Line> lines = {{0, "a"}, {1, "b"}, {2, "c"}, {1, "d"}, {0, "e"}};
  EXPECT_EQ(OneLine(lines), "a (b (c); d); e");
}

TEST(Words, LabelsLineUpUnderWelshLetters) {
  const std::string page =
      PageText("R", {{"Tŷ", {{0, "un"}}}, {"abc", {{0, "dau"}, {1, "tri"}}}}, Language::kEnglish);
  EXPECT_EQ(page, "R\n=\nTŷ:   un\nabc:  dau\n        tri\n");
}

}  // namespace
}  // namespace dolen
