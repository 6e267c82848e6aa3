//! A pass over a value and all that is in it.

use super::dialect::Nesting;
use super::{Fault, Lexer, Scalar};

/// The role of a scalar in the array or object around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Key,
    /// The value of an object's member.
    Member,
    /// An element of an array, or the value that the walk began with.
    Element,
}

/// Receives the tokens of a walk, in the order of the text.
pub(crate) trait Visit {
    /// An array or object begins at `at`.
    fn open(&mut self, at: usize, bracket: u8);
    /// The innermost array or object ends before `end`.
    fn close(&mut self, end: usize, bracket: u8);
    /// A member of the innermost array or object follows; of an object, its key.
    fn member(&mut self) {}
    /// A colon follows.
    fn colon(&mut self) {}
    /// A key or value that is neither array nor object follows.
    fn scalar(&mut self, _scalar: Scalar<'_>, _role: Role) -> Result<(), Fault> {
        Ok(())
    }
}

/// Ignores the tokens: the walk only checks the text.
impl Visit for () {
    fn open(&mut self, _: usize, _: u8) {}
    fn close(&mut self, _: usize, _: u8) {}
}

/// An array or object that has begun.
struct Open {
    closer: u8,
    role: Role,
}

/// What the walk expects next.
enum Step {
    Value(Role),
    /// A member of the innermost array or object, or its end.
    Member,
    /// What follows a value or key.
    After(Role),
}

impl Lexer<'_> {
    /// Passes over the value that comes next, with a stack of its own instead of recursion.
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
                    self.expect(b':', "no colon after a key")?;
                    visitor.colon();
                    Step::Value(Role::Member)
                }
                (Step::After(_), Some(around)) => {
                    if !self.eat(b',') && self.peek() != Some(around.closer) {
                        return self.fault("neither a comma nor the end of the value");
                    }
                    Step::Member
                }
                (Step::Member | Step::After(_), None) => return Ok(()),
            };
        }
    }

    /// Passes over the value that comes next.
    pub(crate) fn skip_value(&mut self, nesting: Nesting) -> Result<(), Fault> {
        self.walk(nesting, &mut ())
    }
}
