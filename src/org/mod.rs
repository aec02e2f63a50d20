//! People: users, departments, roles, permissions, sessions, absences.
