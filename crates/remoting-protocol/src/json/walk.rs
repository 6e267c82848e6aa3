//! A walk over a value and its parts.

use super::dialect::Nesting;
use super::{Fault, Lexer, Scalar};

/// The role of a scalar in the array or object around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Key,
    /// The value of a member of an object.
    Member,
    /// An element of an array, or the value at the start of the walk.
    Element,
}

/// A visitor of the tokens, in the order of the text.
pub(crate) trait Visit {
    /// Called at the start `at` of an array or object.
    fn open(&mut self, at: usize, bracket: u8);
    /// Called at the end of the innermost array or object; `end` is the position after its bracket.
    fn close(&mut self, end: usize, bracket: u8);
    /// Called before each element of an array, and before each key of an object.
    fn member(&mut self) {}
    /// Called at the colon after a key.
    fn colon(&mut self) {}
    /// Called with each key or value that is neither array nor object.
    fn scalar(&mut self, _scalar: Scalar<'_>, _role: Role) -> Result<(), Fault> {
        Ok(())
    }
}

/// Ignores the tokens, so that a walk only checks the text.
impl Visit for () {
    fn open(&mut self, _: usize, _: u8) {}
    fn close(&mut self, _: usize, _: u8) {}
}

/// An open array or object.
struct Open {
    closer: u8,
    role: Role,
}

/// The expected next token.
enum Step {
    Value(Role),
    /// A member or the end of the innermost array or object.
    Member,
    /// The token after a value or key.
    After(Role),
}

impl Lexer<'_> {
    /// Visits the next value. Uses an explicit stack instead of recursion.
    pub(crate) fn walk(&mut self, nesting: Nesting, visitor: &mut impl Visit) -> Result<(), Fault> {
        let mut open: Vec<Open> = Vec::new();
        let mut step = Step::Value(Role::Element);
        loop {
            self.skip_space();
            step = match (step, open.last()) {
                (Step::Value(role), _) => match self.peek() {
                    Some(b'{' | b'[') if open.len() == nesting.most => return self.fault(nesting.fault),
                    Some(bracket @ (b'{' | b'[')) => {
                        visitor.open(self.at, bracket);
                        self.at += 1;
                        let closer = if bracket == b'{' { b'}' } else { b']' };
                        open.push(Open { closer, role });
                        Step::Member
                    }
                    _ => {
                        let scalar = if role == Role::Key { self.key()? } else { self.scalar()? };
                        visitor.scalar(scalar, role)?;
                        Step::After(role)
                    }
                },
                (Step::Member, Some(&Open { closer, role })) if self.eat(closer) => {
                    visitor.close(self.at, closer);
                    open.pop();
                    Step::After(role)
                }
                (Step::Member, Some(around)) => {
                    visitor.member();
                    Step::Value(if around.closer == b'}' { Role::Key } else { Role::Element })
                }
                (Step::After(Role::Key), _) => {
                    self.expect(b':', "missing colon after a key")?;
                    visitor.colon();
                    Step::Value(Role::Member)
                }
                (Step::After(_), Some(around)) => {
                    if !self.eat(b',') && self.peek() != Some(around.closer) {
                        return self.fault("expected a comma or the end of the value");
                    }
                    Step::Member
                }
                (Step::Member | Step::After(_), None) => return Ok(()),
            };
        }
    }

    /// Skips the next value.
    pub(crate) fn skip_value(&mut self, nesting: Nesting) -> Result<(), Fault> {
        self.walk(nesting, &mut ())
    }
}
