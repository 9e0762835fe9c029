#include "deploy/api/words.h"

#include <vector>

#include "engine/base/status.h"
#include "engine/store/facts.h"

namespace dolen {

absl::StatusOr<absl::btree_map<std::string, pathway::v1::Text>> WordsOf(const Glances& glances) {
  DOLEN_ASSIGN_OR_RETURN(const std::vector<PublishedBook> published,
                         ReadBooks(glances.shards.front().rows()));
  absl::btree_map<std::string, size_t> last;
  for (size_t i = 0; i < published.size(); ++i) last[published[i].book.id()] = i;
  absl::btree_map<std::string, pathway::v1::Text> titles;
  for (size_t i = 0; i < published.size(); ++i) {
    if (last[published[i].book.id()] != i) continue;
    for (const pathway::v1::Word& word : published[i].book.word()) {
      titles[word.code()] = word.title();
    }
  }
  return titles;
}

}  // namespace dolen
