// Starts the dashboard: which page is made by what.
import './styles/dashboard.scss';
import type { PageMaker } from './app';
import { agenciesPage } from './pages/agencies';
import { alertPage } from './pages/alert';
import { alertsPage } from './pages/alerts';
import { auditPage } from './pages/audit';
import { childPage } from './pages/child';
import { childrenPage } from './pages/children';
import { delaysPage } from './pages/delays';
import { emergencyPage } from './pages/emergency';
import { familyPage } from './pages/family';
import { handoversPage } from './pages/handovers';
import { missingPage } from './pages/missing';
import { nowPage } from './pages/now';
import { purposePage } from './pages/purpose';
import { readersPage } from './pages/readers';
import { rulesPage } from './pages/rules';
import { signInPage, signedInPage } from './pages/sign_in';
import { whatIfPage } from './pages/what_if';
import type { PageName } from './router';
import { Shell } from './shell';

const pages: Record<PageName, PageMaker> = {
  now: nowPage,
  alerts: alertsPage,
  alert: alertPage,
  children: childrenPage,
  child: childPage,
  family: familyPage,
  readers: readersPage,
  emergency: emergencyPage,
  handovers: handoversPage,
  delays: delaysPage,
  agencies: agenciesPage,
  rules: rulesPage,
  what_if: whatIfPage,
  audit: auditPage,
  sign_in: signInPage,
  signed_in: signedInPage,
  purpose: purposePage,
  missing: missingPage,
};

const root = document.getElementById('dolen');
if (root) void new Shell(root, pages).start();
