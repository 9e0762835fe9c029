// What changed between two texts of a book, field by field, in words that a board can read. Pure.
#ifndef DOLEN_ENGINE_PATHWAY_DIFF_H_
#define DOLEN_ENGINE_PATHWAY_DIFF_H_

#include <string>
#include <vector>

#include "dolen/pathway/v1/pathway.pb.h"

namespace dolen {

struct Change {
  enum What { kAdded, kRemoved, kChanged };
  What what = kChanged;
  std::string subject;  // "book", "rule W-ICPC", "rule W-X from 2026-05-01", "calendar wales" ...
  std::string field;    // "limit 1, allow"; empty where the whole was added or removed
  std::string before;   // in words; empty: not there
  std::string after;
};

// "rule W-ICPC: limit 1, allow: 15 working days -> 10 working days".
std::string ChangeText(const Change& change);

// Empty: the two say the same. Rules are matched by id and, among the versions of one id, by text,
// then by the first day judged and scope; agencies and calendars by id; levels by name. The order
// in the file counts only among the versions of one rule. Comments are no part of a book.
std::vector<Change> DiffBooks(const pathway::v1::Book& before, const pathway::v1::Book& after);

}  // namespace dolen

#endif  // DOLEN_ENGINE_PATHWAY_DIFF_H_
