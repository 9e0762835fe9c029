#include "engine/pathway/text_file.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/strings/str_split.h"
#include "engine/base/names.h"
#include "google/protobuf/io/tokenizer.h"

namespace dolen {
namespace {

using google::protobuf::TextFormat;

// The parser says: Message type "dolen.pathway.v1.Rule" has no field named "stopp". Adds the field
// that was perhaps meant, or those that there are.
std::string Hint(absl::string_view message) {
  const std::vector<absl::string_view> parts = absl::StrSplit(message, '"');
  if (parts.size() < 4 || !absl::StrContains(message, "has no field named")) return "";
  const google::protobuf::Descriptor* type =
      google::protobuf::DescriptorPool::generated_pool()->FindMessageTypeByName(
          std::string(parts[1]));
  if (type == nullptr) return "";
  std::vector<std::pair<int, std::string>> near;
  for (int i = 0; i < type->field_count(); ++i) {
    near.emplace_back(Distance(type->field(i)->name(), parts[3]), type->field(i)->name());
  }
  const auto nearest = std::min_element(near.begin(), near.end());
  if (nearest != near.end() && nearest->first <= 2) {
    return absl::StrCat(" Perhaps \"", nearest->second, "\" is meant.");
  }
  std::string names;
  for (const auto& [distance, name] : near) {
    absl::StrAppend(&names, names.empty() ? " It has: " : ", ", name);
  }
  return names + ".";
}

// The word that the parser stumbled over, where it has read on before it says so; else empty.
absl::string_view Culprit(absl::string_view message) {
  const std::vector<absl::string_view> parts = absl::StrSplit(message, '"');
  if (parts.size() >= 4 && absl::StrContains(parts[2], "has no field named")) return parts[3];
  if (parts.size() >= 2 && absl::StartsWith(parts[0], "Unknown enumeration value")) return parts[1];
  return "";
}

class Collector : public google::protobuf::io::ErrorCollector {
 public:
  // Types of `package` are named without it.
  Collector(absl::string_view text, std::string package, std::vector<Finding>& findings)
      : lines_(absl::StrSplit(text, '\n')), package_(std::move(package)), findings_(findings) {}
  void AddError(int line, int column, const std::string& message) override {
    Add(Finding::kError, line, column, message);
  }
  void AddWarning(int line, int column, const std::string& message) override {
    Add(Finding::kWarning, line, column, message);
  }

 private:
  void Add(Finding::Severity severity, int line, int column, const std::string& message) {
    MoveBack(Culprit(message), line, column);
    const std::string sentence =
        absl::StrCat(absl::StrReplaceAll(message, {{package_, ""}}), Hint(message));
    // The parser counts from 0 and gives -1 for the text as a whole.
    findings_.push_back({severity, line + 1, line < 0 ? 0 : column + 1, "", sentence});
  }

  // To the last place of `word` before the given one.
  void MoveBack(absl::string_view word, int& line, int& column) const {
    if (word.empty()) return;
    for (int i = std::min(line, static_cast<int>(lines_.size()) - 1); i >= 0; --i) {
      const size_t from = i == line ? static_cast<size_t>(column) : absl::string_view::npos;
      const size_t found = lines_[i].rfind(word, from);
      if (found == absl::string_view::npos) continue;
      line = i;
      column = static_cast<int>(found);
      return;
    }
  }

  const std::vector<absl::string_view> lines_;
  const std::string package_;
  std::vector<Finding>& findings_;
};

// The length of the UTF-8 sequence at `text[at]`; 0 if it is none (RFC 3629).
size_t Utf8Length(absl::string_view text, size_t at) {
  const auto byte = [&](size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u;
  };
  const unsigned lead = byte(at);
  if (lead < 0x80) return 1;
  const size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4) return 0;
  for (size_t i = 1; i < length; ++i) {
    if ((byte(at + i) & 0xC0) != 0x80) return 0;
  }
  const unsigned second = byte(at + 1);
  if ((lead == 0xE0 && second < 0xA0) || (lead == 0xED && second > 0x9F) ||
      (lead == 0xF0 && second < 0x90) || (lead == 0xF4 && second > 0x8F)) {
    return 0;
  }
  return length;
}

// In binary form, in which books are published, text that is not UTF-8 cannot be read back.
bool CheckUtf8(absl::string_view text, std::vector<Finding>& findings) {
  int line = 1, column = 1;
  for (size_t at = 0; at < text.size();) {
    const size_t length = Utf8Length(text, at);
    if (length == 0) {
      findings.push_back({Finding::kError, line, column, "",
                          "the text is not UTF-8 here; save the file as UTF-8"});
      return false;
    }
    column += static_cast<int>(length);
    if (text[at] == '\n') {
      ++line;
      column = 1;
    }
    at += length;
  }
  return true;
}

}  // namespace

std::string FindingText(absl::string_view file, const Finding& finding) {
  std::string text(file);
  if (finding.line > 0) absl::StrAppend(&text, ":", finding.line, ":", finding.column);
  absl::StrAppend(&text, finding.severity == Finding::kError ? ": error: " : ": warning: ");
  if (!finding.field.empty()) absl::StrAppend(&text, finding.field, ": ");
  absl::StrAppend(&text, finding.sentence);
  return text;
}

bool HasErrors(const std::vector<Finding>& findings) {
  return std::any_of(findings.begin(), findings.end(),
                     [](const Finding& finding) { return finding.severity == Finding::kError; });
}

bool ParseTextFile(absl::string_view text, absl::string_view what,
                   google::protobuf::Message& message, TextFormat::ParseInfoTree& tree,
                   std::vector<Finding>& findings) {
  message.Clear();
  if (!CheckUtf8(text, findings)) return false;
  Collector collector(text, message.GetDescriptor()->file()->package() + ".", findings);
  TextFormat::Parser parser;
  parser.RecordErrorsTo(&collector);
  parser.WriteLocationsTo(&tree);
  if (parser.ParseFromString(std::string(text), &message)) return true;
  message.Clear();
  // Never a failure without a finding, whatever the parser does.
  if (!HasErrors(findings)) {
    findings.push_back(
        {Finding::kError, 0, 0, "", absl::StrCat("the text cannot be read as a ", what)});
  }
  return false;
}

}  // namespace dolen
