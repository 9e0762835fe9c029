// The dashboard's files, read once from the folder that the build made, and served as they are. Any
// page of either language is the same file: the dashboard reads from its address what to show.
#ifndef DOLEN_DEPLOY_API_DASHBOARD_FILES_H_
#define DOLEN_DEPLOY_API_DASHBOARD_FILES_H_

#include <memory>
#include <string>

#include "absl/container/btree_map.h"
#include "absl/status/statusor.h"
#include "connectors/http/http.h"
#include "connectors/http/router.h"

namespace dolen {

class DashboardFiles {
 public:
  // `provider`: where people sign in, whom the pages may ask for a token; empty: here alone.
  // kNotFound: there is no dashboard in the folder; the sentence says how to make one.
  static absl::StatusOr<std::unique_ptr<DashboardFiles>> Read(const std::string& folder,
                                                              const std::string& provider);
  // It outlives the router.
  void AddTo(Router& router) const;

 private:
  struct File {
    std::string type;
    std::string body;
  };
  HttpResponse Answer(const std::string& path) const;

  std::string policy_;                        // of content
  absl::btree_map<std::string, File> files_;  // by path, "index.html", "assets/main-1a2b.js"
};

}  // namespace dolen

#endif  // DOLEN_DEPLOY_API_DASHBOARD_FILES_H_
