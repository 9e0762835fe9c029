// Runs the cases that a book brings along (engine/pathway/example.h) through the engine. Pure.
#ifndef DOLEN_DEPLOY_PROGRAM_BOOK_CASE_H_
#define DOLEN_DEPLOY_PROGRAM_BOOK_CASE_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "dolen/pathway/v1/pathway.pb.h"
#include "engine/calendar/zone.h"
#include "engine/pathway/books.h"

namespace dolen {

// What is wrong with the case, one sentence for each expectation that is not met or for what cannot
// be read; empty: it holds. `books` were made from `book`, perhaps from several merged into one;
// days and times of events are those of `zone`.
std::vector<std::string> FailuresOf(absl::string_view example, const pathway::v1::Book& book,
                                    const Books& books, const Zone& zone);

}  // namespace dolen

#endif  // DOLEN_DEPLOY_PROGRAM_BOOK_CASE_H_
