//! What can go wrong with people, and what helps.

use crate::db::DbError;
use crate::i18n::{ErrorKind, Explain, Message, msg};

use super::grid::GridError;
use super::permission::Forbidden;

/// Why something with people was not done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OrgError {
    /// Nobody signs in with these; which of the two is wrong is not said.
    #[error("wrong login or password")]
    WrongPassword,
    /// The password was right, but the person was disabled.
    #[error("the account is disabled")]
    Disabled,
    /// Too many wrong passwords, by this login or from this address.
    #[error("too many attempts to sign in, try again in {minutes} minutes")]
    TooManyAttempts {
        /// How long to wait.
        minutes: u64,
    },
    /// Changing the own password demands the present one.
    #[error("the present password is wrong")]
    PresentPassword,
    /// Too short, or absurdly long.
    #[error("the password needs at least {shortest} characters")]
    PasswordLength {
        /// Characters it needs.
        shortest: usize,
    },
    /// Only letters, or only digits.
    #[error("the password needs letters and digits or signs")]
    PasswordPlain,
    /// Contains the person's own name, or is what everybody tries first.
    #[error("the password is easy to guess")]
    PasswordGuessable,
    /// The same password again.
    #[error("the password is the present one")]
    PasswordSame,
    /// The two entries differ.
    #[error("the repeated password is another one")]
    PasswordRepeat,
    /// A login of another form.
    #[error("not a login")]
    Login,
    /// Somebody has the login.
    #[error("the login is taken")]
    LoginTaken,
    /// No name, or too long.
    #[error("not a name of 1 to {longest} characters")]
    Name {
        /// Characters it may have.
        longest: usize,
    },
    /// An employee number of another form.
    #[error("not an employee number")]
    Number,
    /// Somebody has the employee number.
    #[error("the employee number is taken")]
    NumberTaken,
    /// Not 11 digits.
    #[error("not a mobile number")]
    Mobile,
    /// Somebody has the mobile number.
    #[error("the mobile number is taken")]
    MobileTaken,
    /// Not an e-mail address.
    #[error("not an e-mail address")]
    Email,
    /// A department that does not exist or takes nobody any more.
    #[error("no such department")]
    Department,
    /// A manager who does not exist, was disabled, or stands below the person.
    #[error("not a possible manager")]
    Manager,
    /// A role that does not exist.
    #[error("no such role")]
    Role,
    /// A code of a department of another form.
    #[error("not a code of a department")]
    DepartmentCode,
    /// Another department has the code.
    #[error("the code is taken")]
    DepartmentCodeTaken,
    /// A department cannot hang below itself, or below one that is closed.
    #[error("not a possible parent")]
    DepartmentParent,
    /// A head who does not exist or was disabled.
    #[error("not a possible head")]
    DepartmentHead,
    /// People or open departments are still in it.
    #[error("the department is in use")]
    DepartmentInUse,
    /// A name of a role of another form.
    #[error("not a name of a role")]
    RoleName,
    /// Another role has the name.
    #[error("the name of the role is taken")]
    RoleNameTaken,
    /// No title, or too long.
    #[error("not a title of a role")]
    RoleTitle,
    /// A grant on a kind or action that there is not.
    #[error("{kind} has no action {action}")]
    Grant {
        /// The kind.
        kind: String,
        /// The action.
        action: String,
    },
    /// A role that comes with the program keeps its name and stays; the administrator keeps every right.
    #[error("a shipped role stays as it is")]
    RoleShipped,
    /// People hold the role.
    #[error("{holders} people hold the role")]
    RoleInUse {
        /// How many.
        holders: u64,
    },
    /// The last active administrator stays one.
    #[error("the last administrator stays one")]
    LastAdministrator,
    /// Nobody disables themselves.
    #[error("nobody disables themselves")]
    Oneself,
    /// An absence that ends before it begins, or is over.
    #[error("the absence ends too early")]
    AbsenceEnds,
    /// The deputy is the person, or is not there.
    #[error("not a possible deputy")]
    AbsenceDeputy,
    /// There is an absence for this time already.
    #[error("the absence overlaps with another")]
    AbsenceOverlaps,
    /// A token without a name, or with too long a one.
    #[error("not a name of a token")]
    TokenName,
    /// A token that ends in the past.
    #[error("the token ends in the past")]
    TokenExpiry,
    /// First the own password and the mobile number (R3).
    #[error("not activated")]
    NotActivated,
    /// Not signed in, or no longer.
    #[error("not signed in")]
    SignedOut,
    /// Not granted.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// With an authority grid.
    #[error(transparent)]
    Grid(#[from] GridError),
    /// No such user, department, role, grid, session, token or absence, or none that the person may see.
    #[error("not found")]
    NotFound,
    /// It has changed since it was read.
    #[error("changed meanwhile")]
    Changed,
    /// Somebody else changed the directory first; an action reads and decides again.
    #[error("the directory changed meanwhile")]
    Raced,
    /// Hashing a password failed.
    #[error("hashing: {0}")]
    Hashing(String),
    /// The database.
    #[error(transparent)]
    Db(DbError),
}

impl From<DbError> for OrgError {
    /// A broken unique constraint is a field that somebody else has.
    fn from(error: DbError) -> Self {
        let DbError::Unique { constraint } = &error else { return Self::Db(error) };
        match constraint.as_str() {
            "users_login_key" => Self::LoginTaken,
            "users_number_key" => Self::NumberTaken,
            "users_mobile_key" => Self::MobileTaken,
            "departments_code_key" => Self::DepartmentCodeTaken,
            "roles_name_key" => Self::RoleNameTaken,
            "authority_grids_name_key" => Self::Grid(GridError::NameTaken),
            _ => Self::Db(error),
        }
    }
}

impl Explain for Forbidden {
    fn code(&self) -> &'static str {
        "forbidden"
    }

    fn kind(&self) -> ErrorKind {
        ErrorKind::Forbidden
    }

    fn message(&self) -> Message {
        msg!("org.error.forbidden")
    }
}

impl Explain for OrgError {
    fn code(&self) -> &'static str {
        match self {
            Self::WrongPassword => "wrong_password",
            Self::Disabled => "account_disabled",
            Self::TooManyAttempts { .. } => "too_many_attempts",
            Self::PresentPassword => "present_password_wrong",
            Self::PasswordLength { .. } => "password_length",
            Self::PasswordPlain => "password_plain",
            Self::PasswordGuessable => "password_guessable",
            Self::PasswordSame => "password_same",
            Self::PasswordRepeat => "password_repeat",
            Self::Login => "login_form",
            Self::LoginTaken => "login_taken",
            Self::Name { .. } => "name_form",
            Self::Number => "number_form",
            Self::NumberTaken => "number_taken",
            Self::Mobile => "mobile_form",
            Self::MobileTaken => "mobile_taken",
            Self::Email => "email_form",
            Self::Department => "department_unknown",
            Self::Manager => "manager_impossible",
            Self::Role => "role_unknown",
            Self::DepartmentCode => "department_code_form",
            Self::DepartmentCodeTaken => "department_code_taken",
            Self::DepartmentParent => "department_parent",
            Self::DepartmentHead => "department_head",
            Self::DepartmentInUse => "department_in_use",
            Self::RoleName => "role_name_form",
            Self::RoleNameTaken => "role_name_taken",
            Self::RoleTitle => "role_title_form",
            Self::Grant { .. } => "grant_unknown",
            Self::RoleShipped => "role_shipped",
            Self::RoleInUse { .. } => "role_in_use",
            Self::LastAdministrator => "last_administrator",
            Self::Oneself => "oneself",
            Self::AbsenceEnds => "absence_ends",
            Self::AbsenceDeputy => "absence_deputy",
            Self::AbsenceOverlaps => "absence_overlaps",
            Self::TokenName => "token_name_form",
            Self::TokenExpiry => "token_expiry",
            Self::NotActivated => "not_activated",
            Self::SignedOut => "signed_out",
            Self::Forbidden(refused) => refused.code(),
            Self::Grid(error) => error.code(),
            Self::NotFound => "not_found",
            Self::Changed | Self::Raced => "version_conflict",
            Self::Hashing(_) => "internal",
            Self::Db(error) => error.code(),
        }
    }

    fn kind(&self) -> ErrorKind {
        match self {
            Self::SignedOut => ErrorKind::Unauthenticated,
            Self::Disabled | Self::NotActivated | Self::Forbidden(_) => ErrorKind::Forbidden,
            Self::TooManyAttempts { .. } => ErrorKind::TooMany,
            Self::WrongPassword
            | Self::PresentPassword
            | Self::PasswordLength { .. }
            | Self::PasswordPlain
            | Self::PasswordGuessable
            | Self::PasswordSame
            | Self::PasswordRepeat
            | Self::Login
            | Self::Name { .. }
            | Self::Number
            | Self::Mobile
            | Self::Email
            | Self::Department
            | Self::Manager
            | Self::Role
            | Self::DepartmentCode
            | Self::DepartmentParent
            | Self::DepartmentHead
            | Self::RoleName
            | Self::RoleTitle
            | Self::Grant { .. }
            | Self::AbsenceEnds
            | Self::AbsenceDeputy
            | Self::TokenName
            | Self::TokenExpiry => ErrorKind::Invalid,
            Self::LoginTaken
            | Self::NumberTaken
            | Self::MobileTaken
            | Self::DepartmentCodeTaken
            | Self::DepartmentInUse
            | Self::RoleNameTaken
            | Self::RoleShipped
            | Self::RoleInUse { .. }
            | Self::LastAdministrator
            | Self::Oneself
            | Self::AbsenceOverlaps
            | Self::Changed
            | Self::Raced => ErrorKind::Conflict,
            Self::NotFound => ErrorKind::NotFound,
            Self::Grid(error) => error.kind(),
            Self::Hashing(_) => ErrorKind::Internal,
            Self::Db(error) => error.kind(),
        }
    }

    fn message(&self) -> Message {
        match self {
            Self::WrongPassword => msg!("org.error.wrong_password"),
            Self::Disabled => msg!("org.error.account_disabled"),
            Self::TooManyAttempts { minutes } => msg!("org.error.too_many_attempts", minutes = *minutes),
            Self::PresentPassword => msg!("org.error.present_password_wrong"),
            Self::PasswordLength { shortest } => msg!("org.error.password_length", shortest = *shortest),
            Self::PasswordPlain => msg!("org.error.password_plain"),
            Self::PasswordGuessable => msg!("org.error.password_guessable"),
            Self::PasswordSame => msg!("org.error.password_same"),
            Self::PasswordRepeat => msg!("org.error.password_repeat"),
            Self::Login => msg!("org.error.login_form"),
            Self::LoginTaken => msg!("org.error.login_taken"),
            Self::Name { longest } => msg!("org.error.name_form", longest = *longest),
            Self::Number => msg!("org.error.number_form"),
            Self::NumberTaken => msg!("org.error.number_taken"),
            Self::Mobile => msg!("org.error.mobile_form"),
            Self::MobileTaken => msg!("org.error.mobile_taken"),
            Self::Email => msg!("org.error.email_form"),
            Self::Department => msg!("org.error.department_unknown"),
            Self::Manager => msg!("org.error.manager_impossible"),
            Self::Role => msg!("org.error.role_unknown"),
            Self::DepartmentCode => msg!("org.error.department_code_form"),
            Self::DepartmentCodeTaken => msg!("org.error.department_code_taken"),
            Self::DepartmentParent => msg!("org.error.department_parent"),
            Self::DepartmentHead => msg!("org.error.department_head"),
            Self::DepartmentInUse => msg!("org.error.department_in_use"),
            Self::RoleName => msg!("org.error.role_name_form"),
            Self::RoleNameTaken => msg!("org.error.role_name_taken"),
            Self::RoleTitle => msg!("org.error.role_title_form"),
            Self::Grant { kind, action } => msg!("org.error.grant_unknown", kind = kind, action = action),
            Self::RoleShipped => msg!("org.error.role_shipped"),
            Self::RoleInUse { holders } => msg!("org.error.role_in_use", holders = *holders),
            Self::LastAdministrator => msg!("org.error.last_administrator"),
            Self::Oneself => msg!("org.error.oneself"),
            Self::AbsenceEnds => msg!("org.error.absence_ends"),
            Self::AbsenceDeputy => msg!("org.error.absence_deputy"),
            Self::AbsenceOverlaps => msg!("org.error.absence_overlaps"),
            Self::TokenName => msg!("org.error.token_name_form"),
            Self::TokenExpiry => msg!("org.error.token_expiry"),
            Self::NotActivated => msg!("org.error.not_activated"),
            Self::SignedOut => msg!("org.error.signed_out"),
            Self::Forbidden(refused) => refused.message(),
            Self::Grid(error) => error.message(),
            Self::NotFound => msg!("org.error.not_found"),
            Self::Changed | Self::Raced => msg!("org.error.changed"),
            Self::Hashing(_) => msg!("org.error.internal"),
            Self::Db(error) => error.message(),
        }
    }

    fn field(&self) -> Option<&str> {
        Some(match self {
            Self::WrongPassword
            | Self::PasswordLength { .. }
            | Self::PasswordPlain
            | Self::PasswordGuessable
            | Self::PasswordSame => "password",
            Self::PresentPassword => "present",
            Self::PasswordRepeat => "repeat",
            Self::Login | Self::LoginTaken => "login",
            Self::Name { .. } | Self::RoleName | Self::RoleNameTaken | Self::TokenName => "name",
            Self::Number | Self::NumberTaken => "number",
            Self::Mobile | Self::MobileTaken => "mobile",
            Self::Email => "email",
            Self::Department => "department",
            Self::Manager => "manager",
            Self::Role => "roles",
            Self::DepartmentCode | Self::DepartmentCodeTaken => "code",
            Self::DepartmentParent => "parent",
            Self::DepartmentHead => "head",
            Self::DepartmentInUse => "active",
            Self::RoleTitle => "title_zh",
            Self::Grant { .. } => "grants",
            Self::AbsenceEnds => "until",
            Self::AbsenceDeputy => "deputy",
            Self::AbsenceOverlaps => "from",
            Self::TokenExpiry => "expires",
            Self::Grid(error) => return error.field(),
            _ => return None,
        })
    }
}
