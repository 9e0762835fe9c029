#include "connectors/alerting/mail_body.h"

#include <algorithm>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "connectors/alerting/mail.h"
#include "connectors/alerting/message.h"
#include "connectors/alerting/mime.h"
#include "connectors/alerting/words.h"

namespace dolen {
namespace {

// An alert in a list.
struct Line {
  std::string text, link;
};

// What a mail says in one language: a headline, and a note or facts or a list.
struct Section {
  Language language;
  std::string headline, note;
  std::vector<Fact> facts;
  std::vector<Line> lines;
  std::string left_out, draft;
};

Section SectionOf(const Notice& notice, absl::TimeZone zone, Language language) {
  Section section;
  section.language = language;
  section.headline = Headline(notice, language);
  section.note = NoteOf(notice, language);
  const size_t listed = std::min(notice.items.size(), kMostInMail);
  const bool is_list = notice.items.size() > 1 || notice.kind == Notice::Kind::kDigest ||
                       notice.kind == Notice::Kind::kSummary;
  for (size_t i = 0; i < listed; ++i) {
    const Notice::Item& item = notice.items[i];
    if (is_list) {
      section.lines.push_back({ListLine(item.alert, zone, language), item.link});
    } else {
      section.facts = FactsOf(item, zone, language);
    }
  }
  const size_t left_out = notice.left_out + notice.items.size() - listed;
  section.left_out = LeftOutLine(static_cast<int>(left_out), language);
  if (language == Language::kWelsh) {
    const Phrase& draft = PhraseOf(Word::kWelshIsDraft);
    section.draft = absl::StrCat("(", draft.cy, " / ", draft.en, ")");
  }
  return section;
}

std::vector<Section> SectionsOf(const Notice& notice, absl::TimeZone zone) {
  std::vector<Section> sections;
  for (const Language language : LanguagesOf(notice.language)) {
    sections.push_back(SectionOf(notice, zone, language));
  }
  return sections;
}

std::string Text(const Section& section) {
  std::string text = absl::StrCat(section.headline, "\n\n");
  if (!section.note.empty()) absl::StrAppend(&text, section.note, "\n");
  for (const Fact& fact : section.facts) {
    absl::StrAppend(&text, fact.label, ": ", fact.value, "\n");
  }
  for (const Line& line : section.lines) {
    absl::StrAppend(&text, "- ", line.text, "\n");
    if (!line.link.empty()) absl::StrAppend(&text, "  ", line.link, "\n");
  }
  if (!section.left_out.empty()) absl::StrAppend(&text, section.left_out, "\n");
  if (!section.draft.empty()) absl::StrAppend(&text, "\n", section.draft, "\n");
  return text;
}

// Only what a browser may open without harm is a link.
std::string Linked(const std::string& address, absl::string_view text) {
  const std::string shown = HtmlEscaped(text);
  if (!absl::StartsWith(address, "https://") && !absl::StartsWith(address, "http://")) return shown;
  return absl::StrCat("<a href=\"", HtmlEscaped(address), "\">", shown, "</a>");
}

std::string Row(const Fact& fact) {
  return absl::StrCat(
      "<tr><th scope=\"row\" align=\"left\" valign=\"top\">", HtmlEscaped(fact.label), "</th><td>",
      fact.is_link ? Linked(fact.value, fact.value) : HtmlEscaped(fact.value), "</td></tr>\n");
}

std::string Html(const Section& section) {
  const auto paragraph = [](const std::string& text) {
    return text.empty() ? "" : absl::StrCat("<p>", HtmlEscaped(text), "</p>\n");
  };
  std::string html =
      absl::StrCat("<div lang=\"", LanguageTag(section.language), "\">\n<h1>",
                   HtmlEscaped(section.headline), "</h1>\n", paragraph(section.note));
  if (!section.facts.empty()) {
    absl::StrAppend(&html, "<table cellpadding=\"4\">\n");
    for (const Fact& fact : section.facts) absl::StrAppend(&html, Row(fact));
    absl::StrAppend(&html, "</table>\n");
  }
  if (!section.lines.empty()) {
    absl::StrAppend(&html, "<ul>\n");
    for (const Line& line : section.lines) {
      absl::StrAppend(&html, "<li>", Linked(line.link, line.text), "</li>\n");
    }
    absl::StrAppend(&html, "</ul>\n");
  }
  absl::StrAppend(&html, paragraph(section.left_out), paragraph(section.draft), "</div>\n");
  return html;
}

}  // namespace

std::string MailText(const Notice& notice, absl::TimeZone zone) {
  std::vector<std::string> texts;
  for (const Section& section : SectionsOf(notice, zone)) texts.push_back(Text(section));
  return absl::StrJoin(texts, "\n----\n\n");
}

std::string MailHtml(const Notice& notice, absl::TimeZone zone) {
  const std::vector<Section> sections = SectionsOf(notice, zone);
  std::vector<std::string> htmls;
  for (const Section& section : sections) htmls.push_back(Html(section));
  return absl::StrCat("<!DOCTYPE html>\n<html lang=\"", LanguageTag(sections.front().language),
                      "\">\n<head><meta charset=\"utf-8\"><title>", HtmlEscaped(Headline(notice)),
                      "</title>\n<style>body { font-family: sans-serif } h1 { font-size: 1.2em }"
                      "</style></head>\n<body>\n",
                      absl::StrJoin(htmls, "<hr>\n"), "</body>\n</html>\n");
}

}  // namespace dolen
