//! Values of any shape, where a header has no use for the shape: unknown fields, and objects as ext values.

use super::lexer::{Fault, Reader};
use super::string::push_escaped;

/// How deep arrays and objects may nest. Each of the Java versions stops somewhere between 512 and 10 000.
const MAX_DEPTH: usize = 1024;

/// An array or object that has begun.
struct Open {
    closer: u8,
    /// Whether nothing has been kept of it yet, so that no comma is due.
    first: bool,
    /// Where its latest member begins in the output.
    member: usize,
}

/// What comes next.
enum Step {
    Value,
    /// A member of the innermost array or object, or its end.
    Member,
    /// What follows a value.
    After {
        null: bool,
    },
}

impl Reader<'_> {
    /// Reads a value and appends its JSON text: no space, double quotes, in the order of the input, without those
    /// members of objects that are null, as Java 5.5 turns a value into a string. A loop with a stack of its own.
    pub(crate) fn nested(&mut self, out: &mut Vec<u8>) -> Result<(), Fault> {
        let mut open: Vec<Open> = Vec::new();
        let mut string = Vec::new();
        let mut step = Step::Value;
        loop {
            self.skip_space();
            step = match (step, open.last_mut()) {
                (Step::Value, _) => match self.peek() {
                    Some(b'{' | b'[') if open.len() == MAX_DEPTH => {
                        return self.fault("values nested more than 1024 deep");
                    }
                    Some(bracket @ (b'{' | b'[')) => {
                        self.at += 1;
                        out.push(bracket);
                        let closer = if bracket == b'{' { b'}' } else { b']' };
                        open.push(Open { closer, first: true, member: 0 });
                        Step::Member
                    }
                    _ => Step::After { null: self.scalar(&mut string, out)? },
                },
                (Step::Member, Some(around)) if self.eat(around.closer) => {
                    out.push(around.closer);
                    open.pop();
                    Step::After { null: false }
                }
                (Step::Member, Some(around)) => {
                    around.member = out.len();
                    if !around.first {
                        out.push(b',');
                    }
                    if around.closer == b'}' {
                        self.text_of_string(&mut string, "no key in quotes")?;
                        push_quoted(out, &string);
                        out.push(b':');
                        self.colon()?;
                    }
                    Step::Value
                }
                (Step::After { null }, Some(around)) => {
                    if null && around.closer == b'}' {
                        out.truncate(around.member);
                    } else {
                        around.first = false;
                    }
                    if !self.eat(b',') && self.peek() != Some(around.closer) {
                        return self.fault("neither a comma nor the end of the value");
                    }
                    Step::Member
                }
                (Step::Member | Step::After { .. }, None) => return Ok(()),
            };
        }
    }

    /// Reads a value that is neither array nor object, appends its text, and tells whether it is null.
    fn scalar(&mut self, string: &mut Vec<u8>, out: &mut Vec<u8>) -> Result<bool, Fault> {
        match self.peek() {
            Some(b'"' | b'\'') => {
                self.text_of_string(string, "not a string")?;
                push_quoted(out, string);
            }
            Some(b't') if self.eat_word("true") => out.extend_from_slice(b"true"),
            Some(b'f') if self.eat_word("false") => out.extend_from_slice(b"false"),
            Some(b'n') if self.eat_word("null") => {
                out.extend_from_slice(b"null");
                return Ok(true);
            }
            _ if self.at_number() => self.number()?.push_spelling(out),
            _ => return self.fault("not a value"),
        }
        Ok(false)
    }

    fn text_of_string(&mut self, string: &mut Vec<u8>, what: &'static str) -> Result<(), Fault> {
        string.clear();
        self.string(string, what)
    }
}

fn push_quoted(out: &mut Vec<u8>, content: &[u8]) {
    out.push(b'"');
    push_escaped(out, content);
    out.push(b'"');
}
