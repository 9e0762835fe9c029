// What is wrong with a file that people write in text format (a book, a mapping, a routing file).
#ifndef DOLEN_ENGINE_PATHWAY_FINDING_H_
#define DOLEN_ENGINE_PATHWAY_FINDING_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"

namespace dolen {

// What is wrong with it, where, and what to write instead.
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

bool HasErrors(const std::vector<Finding>& findings);

}  // namespace dolen

#endif  // DOLEN_ENGINE_PATHWAY_FINDING_H_
