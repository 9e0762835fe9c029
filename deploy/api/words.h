// What the books in force call codes, agencies among them.
#ifndef DOLEN_DEPLOY_API_WORDS_H_
#define DOLEN_DEPLOY_API_WORDS_H_

#include <string>

#include "absl/container/btree_map.h"
#include "absl/status/statusor.h"
#include "deploy/api/readings.h"
#include "dolen/pathway/v1/pathway.pb.h"

namespace dolen {

// By code; of each book its last publication counts.
absl::StatusOr<absl::btree_map<std::string, pathway::v1::Text>> WordsOf(const Glances& glances);

}  // namespace dolen

#endif  // DOLEN_DEPLOY_API_WORDS_H_
