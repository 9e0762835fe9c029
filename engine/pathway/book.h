// The pathway book: from text to checked rules. Pure: text in, book or findings out.
#ifndef DOLEN_ENGINE_PATHWAY_BOOK_H_
#define DOLEN_ENGINE_PATHWAY_BOOK_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "dolen/pathway/v1/pathway.pb.h"

namespace dolen {

// What is wrong with a book, where, and what to write instead.
struct Finding {
  enum Severity { kWarning, kError };
  // What would mend it, where that is not a change of the text.
  // kCalendar: one of a book beside this one. kTranslation: a text in the other language; such a
  // book works, but must not be given to people.
  enum Lacks { kNothing, kCalendar, kTranslation };
  Severity severity = kError;
  int line = 0;          // from 1; 0: not known
  int column = 0;        // from 1, in bytes
  std::string field;     // path, for example "rule[3].limit[0].allow"
  std::string sentence;  // what is wrong and what to write instead
  Lacks lacks = kNothing;
};

// "wales.textproto:12:3: error: rule[3].limit[0].allow: ..."
std::string FindingText(absl::string_view file, const Finding& finding);

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
