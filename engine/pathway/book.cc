#include "engine/pathway/book.h"

#include <utility>

#include "engine/pathway/check.h"
#include "engine/pathway/text_file.h"

namespace dolen {

bool CheckedBook::ok() const { return !HasErrors(findings); }

CheckedBook ParseBook(absl::string_view text, const pathway::v1::Book& beside) {
  CheckedBook checked;
  google::protobuf::TextFormat::ParseInfoTree tree;
  checked.parsed = ParseTextFile(text, "book", checked.book, tree, checked.findings);
  if (!checked.parsed) return checked;
  const auto* examples = pathway::v1::Book::descriptor()->FindFieldByName("example");
  for (int i = 0; i < checked.book.example_size(); ++i) {
    checked.example_lines.push_back(tree.GetLocation(examples, i).line + 1);
  }
  Checker checker(checked.book, &tree);
  checker.Know(beside);
  for (Finding& finding : checker.Run()) {
    checked.findings.push_back(std::move(finding));
  }
  return checked;
}

}  // namespace dolen
