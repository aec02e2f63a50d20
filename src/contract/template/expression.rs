//! Arithmetic over fields, exact: `service_fee / (1 + tax_rate / 100)`. Decimals, never floats.

use rust_decimal::Decimal;

/// A parsed expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Expression(Node);

#[derive(Clone, Debug, PartialEq)]
enum Node {
    Number(Decimal),
    Name(String),
    Binary(Box<Node>, char, Box<Node>),
    Negative(Box<Node>),
}

/// Why an expression cannot be read; `at` is the byte in it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the expression cannot be read from byte {at} on")]
pub struct BadExpression {
    /// Where it stops making sense.
    pub at: usize,
}

/// Why an expression has no value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoValue {
    /// A field in it is empty.
    #[error("{0} is empty")]
    Empty(String),
    /// Division by zero, or a result beyond 28 digits.
    #[error("the result is not a number")]
    NotANumber,
}

impl Expression {
    /// Reads `text`: `+ - * /`, parentheses, numbers, names with one optional attribute (`goods.total`).
    pub fn parse(text: &str) -> Result<Self, BadExpression> {
        let mut reader = Reader { text, at: 0, depth: 0 };
        let node = reader.sum()?;
        reader.spaces();
        if reader.at == text.len() { Ok(Self(node)) } else { Err(reader.stop()) }
    }

    /// The names in it, in order, repeated ones repeated.
    pub fn names(&self) -> Vec<&str> {
        let mut names = Vec::new();
        collect(&self.0, &mut names);
        names
    }

    /// Its value, with `lookup` answering the names.
    pub fn evaluate(&self, lookup: &dyn Fn(&str) -> Option<Decimal>) -> Result<Decimal, NoValue> {
        evaluate(&self.0, lookup)
    }
}

fn collect<'a>(node: &'a Node, names: &mut Vec<&'a str>) {
    match node {
        Node::Number(_) => {}
        Node::Name(name) => names.push(name),
        Node::Negative(inner) => collect(inner, names),
        Node::Binary(left, _, right) => {
            collect(left, names);
            collect(right, names);
        }
    }
}

fn evaluate(node: &Node, lookup: &dyn Fn(&str) -> Option<Decimal>) -> Result<Decimal, NoValue> {
    match node {
        Node::Number(number) => Ok(*number),
        Node::Name(name) => lookup(name).ok_or_else(|| NoValue::Empty(name.clone())),
        Node::Negative(inner) => evaluate(inner, lookup).map(|value| -value),
        Node::Binary(left, operator, right) => {
            let (left, right) = (evaluate(left, lookup)?, evaluate(right, lookup)?);
            match operator {
                '+' => left.checked_add(right),
                '-' => left.checked_sub(right),
                '*' => left.checked_mul(right),
                _ => left.checked_div(right),
            }
            .ok_or(NoValue::NotANumber)
        }
    }
}

/// Expressions are typed by administrators: nesting is bounded, so that none can exhaust the stack.
const DEEPEST: usize = 32;

struct Reader<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
}

impl Reader<'_> {
    fn sum(&mut self) -> Result<Node, BadExpression> {
        let mut left = self.product()?;
        while let Some(operator) = self.one_of("+-") {
            left = Node::Binary(Box::new(left), operator, Box::new(self.product()?));
        }
        Ok(left)
    }

    fn product(&mut self) -> Result<Node, BadExpression> {
        let mut left = self.factor()?;
        while let Some(operator) = self.one_of("*/") {
            left = Node::Binary(Box::new(left), operator, Box::new(self.factor()?));
        }
        Ok(left)
    }

    fn factor(&mut self) -> Result<Node, BadExpression> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.stop());
        }
        let node = if self.one_of("-").is_some() {
            Node::Negative(Box::new(self.factor()?))
        } else if self.one_of("(").is_some() {
            let inner = self.sum()?;
            self.one_of(")").ok_or_else(|| self.stop())?;
            inner
        } else {
            self.leaf()?
        };
        self.depth -= 1;
        Ok(node)
    }

    fn leaf(&mut self) -> Result<Node, BadExpression> {
        self.spaces();
        let rest = &self.text[self.at..];
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.')).unwrap_or(rest.len());
        let word = &rest[..end];
        let node = if word.starts_with(|c: char| c.is_ascii_digit()) {
            Node::Number(word.parse().map_err(|_| self.stop())?)
        } else if word.starts_with(|c: char| c.is_ascii_lowercase()) {
            Node::Name(word.to_owned())
        } else {
            return Err(self.stop());
        };
        self.at += end;
        Ok(node)
    }

    fn one_of(&mut self, operators: &str) -> Option<char> {
        self.spaces();
        let next = self.text[self.at..].chars().next().filter(|&next| operators.contains(next))?;
        self.at += next.len_utf8();
        Some(next)
    }

    fn spaces(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start().len();
    }

    fn stop(&self) -> BadExpression {
        BadExpression { at: self.at }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Result<Decimal, NoValue> {
        Expression::parse(text).unwrap().evaluate(&|name| match name {
            "fee" => Some("1280000.00".parse().unwrap()),
            "goods.total" => Some("0.3".parse().unwrap()),
            _ => None,
        })
    }

    #[test]
    fn arithmetic_is_exact_and_binds_as_in_school() {
        assert_eq!(value("0.1 + 0.2").unwrap(), value("goods.total").unwrap());
        assert_eq!(value("2 + 3 * 4 - 10 / 4").unwrap().normalize().to_string(), "11.5");
        assert_eq!(value("-(2 + 3) * 2").unwrap().to_string(), "-10");
        assert_eq!(value("fee / (1 + 6 / 100)").unwrap().round_dp(2).to_string(), "1207547.17");
    }

    #[test]
    fn an_empty_field_and_a_division_by_zero_have_no_value() {
        assert_eq!(value("fee + discount"), Err(NoValue::Empty("discount".into())));
        assert_eq!(value("1 / (2 - 2)"), Err(NoValue::NotANumber));
    }

    #[test]
    fn the_place_of_a_mistake_is_told() {
        assert_eq!(Expression::parse("1 + "), Err(BadExpression { at: 4 }));
        assert_eq!(Expression::parse("fee * 税率"), Err(BadExpression { at: 6 }));
        assert_eq!(Expression::parse("(1 + 2"), Err(BadExpression { at: 6 }));
        assert!(Expression::parse(&"(".repeat(10_000)).is_err());
    }
}
