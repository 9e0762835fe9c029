#include "connectors/alerting/message.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "connectors/alerting/facts.h"
#include "connectors/alerting/words.h"
#include "engine/base/time.h"

namespace dolen {
namespace {

using alert::v1::Alert;

Word AnswerWord(alert::v1::Answer::Kind kind) {
  switch (kind) {
    case alert::v1::Answer::KIND_SNOOZED:
      return Word::kSnoozed;
    case alert::v1::Answer::KIND_RESOLVED:
      return Word::kResolved;
    default:
      return Word::kAcknowledged;
  }
}

// What is the same of all alerts of a group, and how many there are.
std::string GroupHeadline(const Notice& notice, Language language) {
  const std::string counted =
      Labelled(Word::kAlerts, absl::StrCat(notice.items.size() + notice.left_out), language);
  if (notice.items.empty()) return counted;
  const Alert& first = notice.items[0].alert;
  const auto all = [&](const auto& is_same) {
    return std::all_of(notice.items.begin(), notice.items.end(),
                       [&](const Notice::Item& item) { return is_same(item.alert); });
  };
  std::string headline;
  if (all([&](const Alert& one) { return StatusWord(one) == StatusWord(first); })) {
    absl::StrAppend(&headline, In(language, StatusWord(first)));
  }
  if (all([&](const Alert& one) { return one.rule() == first.rule(); })) {
    absl::StrAppend(&headline, headline.empty() ? "" : ": ", TitleOf(first, language));
  }
  return absl::StrCat(headline, headline.empty() ? "" : ". ", counted);
}

// What a notice is that tells of alerts of all kinds.
std::string ListHeadline(const Notice& notice, Word what, Language language) {
  const std::string count = absl::StrCat(notice.items.size() + notice.left_out);
  return absl::StrCat(In(language, what), ". ", Labelled(Word::kAlerts, count, language));
}

void Add(Word label, std::string value, Language language, std::vector<Fact>& facts) {
  if (!value.empty()) facts.push_back({std::string(In(language, label)), std::move(value)});
}

void AddLink(Word label, const std::string& value, Language language, std::vector<Fact>& facts) {
  if (!value.empty()) facts.push_back({std::string(In(language, label)), value, true});
}

}  // namespace

std::string Headline(const Alert& alert, Language language) {
  const std::string about =
      alert.silent_agency().empty() ? ShortChild(alert) : alert.silent_agency();
  return absl::StrCat(In(language, StatusWord(alert)), ": ", TitleOf(alert, language),
                      about.empty() ? "" : absl::StrCat(" (", about, ")"));
}

std::string Headline(const Notice& notice, Language language) {
  switch (notice.kind) {
    case Notice::Kind::kTest:
      return std::string(In(language, Word::kTest));
    case Notice::Kind::kHeartbeat:
      return std::string(In(language, Word::kHeartbeat));
    case Notice::Kind::kEmergency:
      return std::string(In(language, Word::kEmergency));
    case Notice::Kind::kDigest:
      return ListHeadline(notice, Word::kDigest, language);
    case Notice::Kind::kSummary:
      return ListHeadline(notice, Word::kSummary, language);
    default:
      const bool is_one = notice.items.size() == 1 && notice.left_out == 0;
      return is_one ? Headline(notice.items[0].alert, language) : GroupHeadline(notice, language);
  }
}

std::string Headline(const Notice& notice) {
  std::vector<std::string> lines;
  for (const Language language : LanguagesOf(notice.language)) {
    lines.push_back(Headline(notice, language));
  }
  return absl::StrJoin(lines, " / ");
}

std::string NoteOf(const Notice& notice, Language language) {
  if (notice.kind == Notice::Kind::kTest) return std::string(In(language, Word::kTestNote));
  if (notice.kind == Notice::Kind::kEmergency) {
    return absl::StrCat(In(language, Word::kEmergencyNote), notice.reference);
  }
  if (notice.kind != Notice::Kind::kHeartbeat) return "";
  return std::string(In(language, Word::kHeartbeatNote));
}

std::string ListLine(const Alert& alert, absl::TimeZone zone, Language language) {
  std::string line = Headline(alert, language);
  const absl::Time due = DueOf(alert);
  if (due != absl::InfiniteFuture()) {
    absl::StrAppend(&line, ". ", Labelled(Word::kDue, TimeWords(due, zone, language), language));
  }
  if (!alert.accountable().empty()) {
    absl::StrAppend(&line, ". ", Labelled(Word::kAccountable, alert.accountable(), language));
  }
  return line;
}

std::string LeftOutLine(int left_out, Language language) {
  return left_out == 0 ? "" : Labelled(Word::kLeftOut, absl::StrCat(left_out), language);
}

std::string AnswerWords(const Alert& alert, absl::TimeZone zone, Language language) {
  if (!alert.has_answer()) return "";
  const absl::string_view said = In(language, AnswerWord(alert.answer().kind()));
  if (!alert.answer().has_until()) return std::string(said);
  const absl::Time until = FromTimestamp(alert.answer().until());
  return absl::StrCat(said, "; ",
                      Labelled(Word::kUntil, TimeWords(until, zone, language), language));
}

std::string SourceWords(const Alert& alert, Language language) {
  const alert::v1::Source& source = alert.source();
  if (source.paragraph().empty()) return source.title();
  return absl::StrCat(source.title(), ", ", In(language, Word::kParagraph), " ",
                      source.paragraph());
}

std::vector<Fact> FactsOf(const Notice::Item& item, absl::TimeZone zone, Language language) {
  const Alert& alert = item.alert;
  const absl::Time due = DueOf(alert);
  std::vector<Fact> facts;
  Add(Word::kStatus, std::string(In(language, StatusNote(alert))), language, facts);
  Add(Word::kChild, ShortChild(alert), language, facts);
  Add(Word::kSilentAgency, alert.silent_agency(), language, facts);
  if (due != absl::InfiniteFuture()) {
    Add(Word::kDue, TimeWords(due, zone, language), language, facts);
  }
  Add(Word::kSince, TimeWords(SinceOf(alert), zone, language), language, facts);
  if (IsOver(alert)) Add(Word::kEndedAt, TimeWords(AtOf(alert), zone, language), language, facts);
  Add(Word::kAccountable, alert.accountable(), language, facts);
  Add(Word::kFor, absl::StrJoin(alert.to(), ", "), language, facts);
  Add(Word::kAssignedTo, alert.assigned_to(), language, facts);
  Add(Word::kAnswer, AnswerWords(alert, zone, language), language, facts);
  AddLink(Word::kLink, item.link, language, facts);
  Add(Word::kWeight, WeightWords(alert.weight(), language), language, facts);
  Add(Word::kSource, SourceWords(alert, language), language, facts);
  AddLink(Word::kSource, alert.source().address(), language, facts);
  Add(Word::kRule,
      absl::StrCat(alert.rule(), " (", In(language, Word::kBook), " ", alert.book_version(), ")"),
      language, facts);
  Add(Word::kAlert, alert.alert_id(), language, facts);
  return facts;
}

std::string Shortened(absl::string_view text, size_t bytes) {
  if (text.size() <= bytes) return std::string(text);
  size_t end = bytes - 3;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return absl::StrCat(text.substr(0, end), "...");
}

}  // namespace dolen
