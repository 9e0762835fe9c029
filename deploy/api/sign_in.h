// How people sign in here, and tokens of the local issuer for trying out.
#ifndef DOLEN_DEPLOY_API_SIGN_IN_H_
#define DOLEN_DEPLOY_API_SIGN_IN_H_

#include "connectors/http/router.h"
#include "deploy/api/readings.h"
#include "deploy/api/token_gate.h"
#include "deploy/program/engine.h"
#include "dolen/access/v1/access.pb.h"

namespace dolen {

// `development`: nullptr where people sign in with a provider. All outlive the router.
void AddSignIn(const access::v1::Access* access, const DevelopmentGate* development,
               Readings* readings, Engine* engine, Router& router);

}  // namespace dolen

#endif  // DOLEN_DEPLOY_API_SIGN_IN_H_
