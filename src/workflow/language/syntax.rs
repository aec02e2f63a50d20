//! What the parsed file says about itself: where the arguments of each call stand, what closures read, which words are unknown.

use std::collections::{BTreeMap, HashMap};

use rhai::{AST, ASTNode, Expr, FnCallExpr, Position, Stmt};

use super::text;
use crate::workflow::Place;

/// Where a value was written, as far as it was written on the spot.
#[derive(Clone, Debug, Default)]
pub(super) struct Site {
    /// Where it begins.
    pub place: Place,
    /// Keys of a map literal with their places and values.
    pub keys: Vec<(String, Place, Site)>,
    /// Items of an array literal.
    pub items: Vec<Site>,
}

/// A call of a function by name.
#[derive(Clone, Debug)]
pub(super) struct Called {
    /// The name.
    pub name: String,
    /// Where the name stands.
    pub place: Place,
    /// How many arguments, without the receiver of a method call.
    pub arguments: usize,
    /// `x.name()`.
    pub method: bool,
}

/// A closure or function of the file.
#[derive(Clone, Debug, Default)]
pub(super) struct Shape {
    /// Names of the parameters, captured variables first.
    pub parameters: Vec<String>,
    /// Properties read from the last parameter, which is the record.
    pub fields: Vec<(String, Place)>,
    /// Calls in it.
    pub calls: Vec<Called>,
    /// Assignments to a parameter or a captured variable.
    pub assigned: Vec<(String, Place)>,
    /// Its text.
    pub text: String,
    /// The leftmost place in its body.
    begins: Option<Place>,
}

/// What was found in a parsed file.
#[derive(Clone, Debug, Default)]
pub(super) struct Outline {
    /// Where the arguments of each call stand, by the place of the call's name.
    pub sites: HashMap<Place, Vec<Site>>,
    /// Calls outside closures and functions.
    pub calls: Vec<Called>,
    /// Closures and functions by name.
    pub functions: BTreeMap<String, Shape>,
}

impl Outline {
    /// A closure, and the functions of the file that it calls, each with its name.
    pub(super) fn reached(&self, closure: &str) -> Vec<(&str, &Shape)> {
        let mut reached: Vec<(&str, &Shape)> = Vec::new();
        let mut open = vec![closure];
        while let Some(name) = open.pop() {
            let Some((name, shape)) = self.functions.get_key_value(name) else { continue };
            if reached.iter().all(|(known, _)| *known != name.as_str()) {
                reached.push((name, shape));
                open.extend(shape.calls.iter().map(|call| call.name.as_str()));
            }
        }
        reached
    }

    /// The text of a closure with those of the functions of the file that it calls.
    pub(super) fn text(&self, closure: &str) -> String {
        let texts = self.reached(closure).into_iter().map(|(name, shape)| match name {
            name if name == closure => shape.text.clone(),
            name => format!("fn {name}({}) {}", shape.parameters.join(", "), shape.text),
        });
        texts.collect::<Vec<_>>().join("\n")
    }
}

/// How the names begin that Rhai gives to closures.
const CLOSURE: &str = "anon$";

/// Reads the outline of a parsed file. It must have been parsed without optimisation, or constants have vanished.
pub(super) fn outline(ast: &AST, code: &str) -> Outline {
    let mut outline = Outline::default();
    let letters = text::letters(code);
    let mut statements = ast.clone();
    statements.clear_functions();
    statements.walk(&mut |path| {
        if let Some(call) = path.last().and_then(called) {
            outline.calls.push(call);
        }
        true
    });
    ast.walk(&mut |path| {
        if let Some((call, position)) = path.last().and_then(call_of) {
            outline.sites.insert(place(position), call.args.iter().map(site).collect());
        }
        true
    });
    for function in ast.iter_functions() {
        // Rhai's own filter for cloning lets every function through.
        let mut alone = ast.clone_functions_only();
        alone.retain_functions(|_, _, name, arity| name == function.name && arity == function.params.len());
        let parameters: Vec<String> = function.params.iter().map(ToString::to_string).collect();
        let mut shape = shape(&alone, parameters);
        let before = if function.name.starts_with(CLOSURE) { '|' } else { '{' };
        let text = shape.begins.and_then(|begins| text::expression_around(&letters, begins, before));
        shape.text = text.unwrap_or_default();
        outline.functions.insert(function.name.to_owned(), shape);
    }
    outline
}

/// A place from Rhai's position, counted from 1; `0:0` where Rhai knows none.
pub(super) fn place(position: Position) -> Place {
    let count = |n: Option<usize>| n.and_then(|n| u32::try_from(n).ok()).unwrap_or(0);
    Place { line: count(position.line()), column: count(position.position()).max(u32::from(position.line().is_some())) }
}

fn shape(ast: &AST, parameters: Vec<String>) -> Shape {
    let mut shape = Shape { parameters, ..Shape::default() };
    let record = shape.parameters.last().cloned();
    let mut locals: Vec<String> = Vec::new();
    ast.walk(&mut |path| {
        let Some(node) = path.last() else { return true };
        shape.calls.extend(called(node));
        let here = place(node.position());
        if here.line > 0 {
            shape.begins = Some(shape.begins.map_or(here, |begins| begins.min(here)));
        }
        match node {
            ASTNode::Expr(Expr::Dot(parts, _, _)) => {
                if let (Some(record), Some(root)) = (&record, variable(&parts.lhs))
                    && root == record
                    && !locals.iter().any(|local| local == root)
                    && let Some((field, position)) = property(&parts.rhs)
                {
                    shape.fields.push((field, place(position)));
                }
            }
            ASTNode::Stmt(Stmt::Var(declared, _, _)) => locals.push(declared.0.name.to_string()),
            ASTNode::Stmt(Stmt::Assignment(assigned)) => {
                let target = &assigned.1.lhs;
                if let Some(name) = root(target)
                    && shape.parameters.iter().any(|parameter| parameter == name)
                    && !locals.iter().any(|local| local == name)
                {
                    shape.assigned.push((name.to_owned(), place(target.start_position())));
                }
            }
            _ => {}
        }
        true
    });
    shape
}

fn call_of<'a>(node: &ASTNode<'a>) -> Option<(&'a FnCallExpr, Position)> {
    match *node {
        ASTNode::Expr(Expr::FnCall(call, position) | Expr::MethodCall(call, position))
        | ASTNode::Stmt(Stmt::FnCall(call, position)) => (!call.is_operator_call()).then_some((&**call, *position)),
        _ => None,
    }
}

fn called(node: &ASTNode<'_>) -> Option<Called> {
    let (call, position) = call_of(node)?;
    Some(Called {
        name: call.name.to_string(),
        place: place(position),
        arguments: call.args.len(),
        method: matches!(node, ASTNode::Expr(Expr::MethodCall(..))),
    })
}

fn site(expression: &Expr) -> Site {
    let mut found = Site { place: place(expression.start_position()), ..Site::default() };
    match expression {
        Expr::Map(entries, _) => {
            found.keys =
                entries.0.iter().map(|(key, value)| (key.name.to_string(), place(key.pos), site(value))).collect();
        }
        Expr::Array(items, _) => found.items = items.iter().map(site).collect(),
        _ => {}
    }
    found
}

fn variable(expression: &Expr) -> Option<&str> {
    match expression {
        Expr::Variable(parts, _, _) => Some(&parts.1),
        _ => None,
    }
}

/// The first property of a chain: `lines` of `.lines[0].price`.
fn property(expression: &Expr) -> Option<(String, Position)> {
    match expression {
        Expr::Property(parts, position) => Some((parts.2.to_string(), *position)),
        Expr::Dot(parts, _, _) | Expr::Index(parts, _, _) => property(&parts.lhs),
        _ => None,
    }
}

/// The variable that a chain begins with.
fn root(expression: &Expr) -> Option<&str> {
    match expression {
        Expr::Dot(parts, _, _) | Expr::Index(parts, _, _) => root(&parts.lhs),
        _ => variable(expression),
    }
}
