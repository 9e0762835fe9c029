// What the read API answers, a file for each kind of question.
#ifndef DOLEN_DEPLOY_API_ROUTES_H_
#define DOLEN_DEPLOY_API_ROUTES_H_

#include <functional>

#include "absl/strings/string_view.h"
#include "connectors/http/router.h"
#include "deploy/api/gate.h"
#include "deploy/api/question.h"

namespace dolen {

class Api;

// Adds a question that is asked through the gate, for a purpose, and put on record.
using AddAsked = std::function<void(absl::string_view method, absl::string_view pattern,
                                    Asked asked, AnswerTo answer)>;

// worklist, alerts
void AddLists(Api& api, const AddAsked& add);
// the lists as they change
void AddStreams(Api& api, const AddAsked& add);
// one alert, and what people do with them
void AddAlertAnswers(Api& api, const AddAsked& add);
// find, timeline, emergency
void AddChildren(Api& api, const AddAsked& add);
// holdings, handovers
void AddResponsibilityAnswers(Api& api, const AddAsked& add);
// across children and agencies
void AddNumbers(Api& api, const AddAsked& add);
// who has read what
void AddReads(Api& api, const AddAsked& add);
// What tells nothing of any child, and is on no record: who I am, the rules, openapi.json.
void AddOpen(Api& api, Gate& gate, Router& router);

}  // namespace dolen

#endif  // DOLEN_DEPLOY_API_ROUTES_H_
