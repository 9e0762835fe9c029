// The pathway book: from text to checked rules. Pure: text in, book or findings out.
#ifndef DOLEN_ENGINE_PATHWAY_BOOK_H_
#define DOLEN_ENGINE_PATHWAY_BOOK_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "dolen/pathway/v1/pathway.pb.h"
#include "engine/pathway/finding.h"

namespace dolen {

struct CheckedBook {
  pathway::v1::Book book;
  std::vector<Finding> findings;
  bool parsed = false;             // the text could be read as a book, with or without errors
  std::vector<int> example_lines;  // the line of each example, from 1
  bool ok() const;                 // no errors among the findings
};

// Parses protobuf text format and checks everything that can be checked without other books: dates,
// zones' names being there, references between rules, agencies and calendars, keys, patterns,
// units, levels, and whether what a rule says can ever take effect, so that it never silently means
// less than it says. `beside` will be published with it: its calendars count as known.
CheckedBook ParseBook(absl::string_view text, const pathway::v1::Book& beside = {});

// The same checks for a book that is already a message; lines are 0.
std::vector<Finding> CheckBook(const pathway::v1::Book& book);

}  // namespace dolen

#endif  // DOLEN_ENGINE_PATHWAY_BOOK_H_
